import { accept, type Result, refuse } from '../refusal/index.ts';
import { type Binding, type BindingFlow, liveBindings } from './binding.ts';

/** One contact a phone wants bound, or unbound with `expiresS` 0. */
export type ContactWish = {
  readonly contact: string;
  /** As the phone wishes, in seconds; absent where it leaves that to us. */
  readonly expiresS?: number;
  readonly priority: number;
  readonly instance?: string;
};

/** What a REGISTER asks of the bindings of its terminal. */
export type BindingCommand = {
  readonly callId: string;
  readonly cseq: number;
  readonly flow: BindingFlow;
  /** `all` is the wildcard `*`, which removes; an empty list only asks how things stand. */
  readonly contacts: 'all' | readonly ContactWish[];
  /** Whether the whole request says that it removes, by `Expires: 0`: the wildcard needs that. */
  readonly removes: boolean;
};

export type BindingLimits = {
  readonly defaultExpiresS: number;
  /** A shorter wish is refused. */
  readonly minExpiresS: number;
  /** A longer wish is cut to it. */
  readonly maxExpiresS: number;
  readonly maxBindings: number;
};

/** RFC 3261 §10.2.1.1 proposes one hour; shorter than a minute, phones would cost more than they are worth. */
export const BINDING_LIMITS: BindingLimits = {
  defaultExpiresS: 3600,
  minExpiresS: 60,
  maxExpiresS: 3600,
  maxBindings: 10,
};

/** Whether two contacts are the same URI (RFC 3261 §19.1.4). */
export type SameContact = (one: string, other: string) => boolean;

/**
 * How the bindings stand afterwards. `refreshed`: the same phones are bound at the same places, and only for
 * longer, so that losing the change would cost time and no phone.
 */
export type BindingUpdate = {
  readonly bindings: readonly Binding[];
  readonly change: 'none' | 'refreshed' | 'changed';
};

export type BindingRefusal =
  | 'binding-interval-too-brief'
  | 'binding-out-of-order'
  | 'binding-wildcard-malformed'
  | 'too-many-bindings';

/**
 * What a REGISTER makes of the bindings of a terminal: RFC 3261 §10.3, steps 6 and 7. All of its contacts are
 * applied, or none (`refuse`).
 */
export function updateBindings(
  current: readonly Binding[],
  command: BindingCommand,
  nowMs: number,
  limits: BindingLimits,
  sameContact: SameContact,
): Result<BindingUpdate, BindingRefusal> {
  const live = liveBindings(current, nowMs);
  if (command.contacts === 'all') return removeAll(live, command);
  if (command.contacts.length === 0) return accept({ bindings: live, change: 'none' });
  let bindings = live;
  for (const wish of command.contacts) {
    const expiresS = grantedS(wish, limits);
    if (!expiresS.ok) return expiresS;
    // A binding that this request itself made is not older than the request.
    const makes = expiresS.value > 0;
    const replaced = bindings.filter(
      (each) =>
        sameContact(wish.contact, each.contact) || (makes && live.includes(each) && isSameDevice(wish, each)),
    );
    if (replaced.some((each) => live.includes(each) && isOutOfOrder(each, command))) return outOfOrder();
    const made = makes ? bindingOf(wish, command, nowMs + expiresS.value * 1000) : undefined;
    bindings = replace(bindings, replaced, made);
  }
  if (bindings.length > limits.maxBindings) {
    return refuse('too-many-bindings', `At most ${limits.maxBindings} phones can share one terminal.`);
  }
  return accept({ bindings, change: changeBetween(live, bindings) });
}

/** RFC 3261 §10.3, step 6: the wildcard removes all, and is valid only where the request expires at once. */
function removeAll(live: readonly Binding[], command: BindingCommand): Result<BindingUpdate, BindingRefusal> {
  if (!command.removes) {
    return refuse('binding-wildcard-malformed', 'The contact * needs the header Expires: 0.');
  }
  if (live.some((binding) => isOutOfOrder(binding, command))) return outOfOrder();
  return accept({ bindings: [], change: live.length === 0 ? 'none' : 'changed' });
}

/** The time a contact is granted in seconds, 0 to remove it. */
function grantedS(wish: ContactWish, limits: BindingLimits): Result<number, 'binding-interval-too-brief'> {
  const wished = wish.expiresS ?? limits.defaultExpiresS;
  if (wished > 0 && wished < limits.minExpiresS) {
    return refuse(
      'binding-interval-too-brief',
      `A phone registers for at least ${limits.minExpiresS} seconds.`,
    );
  }
  return accept(Math.min(wished, limits.maxExpiresS));
}

/**
 * An older contact of the same device, which will not answer there any more. A removal concerns its own contact
 * only: a phone that changed its address may take the old one back after it gave the new one.
 */
function isSameDevice(wish: ContactWish, binding: Binding): boolean {
  return wish.instance !== undefined && binding.instance === wish.instance;
}

/** A request that another one of the same phone has overtaken must not undo it. */
function isOutOfOrder(binding: Binding, command: BindingCommand): boolean {
  return binding.callId === command.callId && command.cseq <= binding.cseq;
}

function outOfOrder() {
  return refuse(
    'binding-out-of-order',
    'A later request of the same phone was served before; its CSeq has to rise.',
  );
}

function bindingOf(wish: ContactWish, command: BindingCommand, expiresAtMs: number): Binding {
  const { contact, priority, instance } = wish;
  const { flow, callId, cseq } = command;
  const binding = { contact, flow, callId, cseq, priority, expiresAtMs };
  return instance === undefined ? binding : { ...binding, instance };
}

/** The new binding stands where the first it replaces stood, so that a refresh changes no order. */
function replace(
  bindings: readonly Binding[],
  replaced: readonly Binding[],
  made: Binding | undefined,
): readonly Binding[] {
  const additions = made === undefined ? [] : [made];
  const [first] = replaced;
  if (first === undefined) return [...bindings, ...additions];
  return bindings.flatMap((each) => (each === first ? additions : replaced.includes(each) ? [] : [each]));
}

function changeBetween(before: readonly Binding[], after: readonly Binding[]): BindingUpdate['change'] {
  const isSamePlaces =
    before.length === after.length && after.every((binding, at) => isRefreshOf(before[at], binding));
  if (!isSamePlaces) return 'changed';
  return after.every((binding, at) => binding === before[at]) ? 'none' : 'refreshed';
}

/** A shorter life is no mere refresh: were it lost, calls would go to a phone that wanted to be gone. */
function isRefreshOf(before: Binding | undefined, after: Binding): boolean {
  return (
    before !== undefined &&
    before.contact === after.contact &&
    before.priority === after.priority &&
    before.instance === after.instance &&
    before.flow.transport === after.flow.transport &&
    before.flow.address === after.flow.address &&
    before.flow.port === after.flow.port &&
    before.expiresAtMs <= after.expiresAtMs
  );
}
