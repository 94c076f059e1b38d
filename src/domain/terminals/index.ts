export type { Binding, BindingFlow } from './binding.ts';
