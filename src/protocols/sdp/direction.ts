import { attributeValue, type Media, type Session } from './session.ts';

/** Who sends, seen from the one who wrote the description (RFC 8866 §6.7). */
export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

const DIRECTIONS: readonly Direction[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];

/** RFC 2543's way to put on hold, which RFC 3264 §8.4 still asks to understand. */
const NOWHERE = ['0.0.0.0', '::'];

export function directionOf(sends: boolean, receives: boolean): Direction {
  if (sends) return receives ? 'sendrecv' : 'sendonly';
  return receives ? 'recvonly' : 'inactive';
}

export function sends(direction: Direction): boolean {
  return direction === 'sendrecv' || direction === 'sendonly';
}

export function receives(direction: Direction): boolean {
  return direction === 'sendrecv' || direction === 'recvonly';
}

/** The same, seen from the other side. */
export function reversed(direction: Direction): Direction {
  return directionOf(receives(direction), sends(direction));
}

/** Whether an address is that of RFC 2543's hold. */
export function isNowhere(address: string): boolean {
  return NOWHERE.includes(address);
}

/** The direction of a medium: its own, else that of the session, else both ways. One that is nowhere receives nothing. */
export function mediaDirection(session: Session, media: Media): Direction {
  const stated = statedIn(media) ?? statedIn(session) ?? 'sendrecv';
  const address = (media.connection ?? session.connection)?.address ?? '';
  return directionOf(sends(stated), receives(stated) && !isNowhere(address));
}

function statedIn({ attributes }: Pick<Media, 'attributes'>): Direction | undefined {
  return DIRECTIONS.find((direction) => attributeValue(attributes, direction) !== undefined);
}

/** The session with every medium in this direction, as a new version of it: how a phone holds and resumes. */
export function withDirection(session: Session, direction: Direction): Session {
  const plain = ({ attributes }: Pick<Media, 'attributes'>) =>
    attributes.filter(({ name }) => !DIRECTIONS.includes(name as Direction));
  return {
    ...session,
    origin: { ...session.origin, version: String(BigInt(session.origin.version) + 1n) },
    attributes: plain(session),
    media: session.media.map((media) => ({ ...media, attributes: [...plain(media), { name: direction }] })),
  };
}
