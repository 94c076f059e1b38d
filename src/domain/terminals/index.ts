export { type Binding, type BindingFlow, liveBindings, withoutConnection } from './binding.ts';
export { sourceNetwork } from './source-network.ts';
export {
  CLEAR,
  type Suspicion,
  type SuspicionEffect,
  type SuspicionInput,
  type SuspicionPolicy,
  stepSuspicion,
} from './suspicion.ts';
export {
  BINDING_LIMITS,
  type BindingCommand,
  type BindingLimits,
  type BindingRefusal,
  type BindingUpdate,
  type ContactWish,
  type SameContact,
  updateBindings,
} from './update-bindings.ts';
