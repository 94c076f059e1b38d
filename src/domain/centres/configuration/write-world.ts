import type { Conversion } from '../../numbering/index.ts';
import type { Centre } from '../centre.ts';
import type { Operator } from '../operator.ts';
import type { Trunk } from '../trunk.ts';
import { durationText } from './fields.ts';
import type { World } from './read-world.ts';

/** A part of a world as it is written: what JSON can say. */
export type Written =
  | string
  | number
  | boolean
  | readonly Written[]
  | { readonly [name: string]: Written | undefined };

/** A world in the form in which it is written, by names. Passwords are never in it. */
export type WrittenWorld = {
  readonly centres: Readonly<Record<string, Written>>;
  readonly trunks: Readonly<Record<string, Written>>;
  readonly operators: Readonly<Record<string, Written>>;
};

/** Writes a world so that `readWorld`, knowing the passwords of before, makes the same world of it. */
export function writeWorld({ centres, trunks, operators }: World): WrittenWorld {
  return {
    centres: Object.fromEntries(centres.map((centre) => [centre.code, writtenCentre(centre)])),
    trunks: Object.fromEntries(trunks.map((trunk) => [trunk.name, writtenTrunk(trunk)])),
    operators: Object.fromEntries(operators.map((operator) => [operator.id, writtenOperator(operator)])),
  };
}

function writtenCentre({ code: _, run, capacityCalls, ...centre }: Centre): Written {
  return {
    ...centre,
    capacity: capacityCalls,
    ...(run.kind === 'own' ? {} : { partner: { trunk: run.trunk, agreement: run.agreement } }),
  };
}

function writtenTrunk(trunk: Trunk): Written {
  const { name: _, inbound, credentials, registration, health, numbers, silenceMs, ringMs, ...rest } = trunk;
  return {
    ...rest,
    ...(inbound === undefined ? {} : { inbound: writtenInbound(inbound) }),
    ...(credentials === undefined
      ? {}
      : { credentials: { user: credentials.user, realm: credentials.realm } }),
    ...(registration === undefined
      ? {}
      : { registration: { expires: durationText(registration.expiresSeconds * 1_000) } }),
    ...(health === undefined
      ? {}
      : {
          health: {
            every: durationText(health.intervalMs),
            downAfter: health.downAfter,
            upAfter: health.upAfter,
          },
        }),
    numbers,
    silence: durationText(silenceMs),
    ringing: durationText(ringMs),
  };
}

function writtenInbound({ addresses, digest, transit }: NonNullable<Trunk['inbound']>): Written {
  return { addresses, ...(digest === undefined ? {} : { digest: { user: digest.user } }), transit };
}

function writtenOperator({ id: _, name, rules, trunks }: Operator): Written {
  return {
    name,
    trunks,
    rules: rules.map(({ pattern, conversion, callersFrom }) => ({
      pattern,
      conversion: writtenConversion(conversion),
      ...(callersFrom === undefined ? {} : { callersFrom }),
    })),
  };
}

function writtenConversion(conversion: Conversion): Written {
  switch (conversion.kind) {
    case 'as-dialled':
      return 'as-dialled';
    case 'replace-prefix':
      return { strip: conversion.strip, prepend: conversion.prepend };
    case 'international':
      return { country: conversion.countryCode, strip: conversion.strip };
  }
}
