import { describe, expect, it } from 'vitest';
import { dialledBy } from './dialled-uri.ts';

const servesHost = (host: string) => host === 'omnidial.example';

describe('R12: what a URI says was dialled', () => {
  it.each([
    ['sip:62006200%23082@omnidial.example', '62006200#082', undefined],
    ['sip:+82262006200;npdi@omnidial.example', '+82262006200', undefined],
    ['sip:+82262006200;rn=+8250;npdi@omnidial.example', '+82262006200', '+8250'],
    ['sip:0262006200;rn=8250@omnidial.example', '0262006200', undefined],
    ['sip:alice;work@omnidial.example', 'alice;work', undefined],
    ['tel:+82262006200;rn=+8250;npdi', 'tel:+82262006200;rn=+8250;npdi', '+8250'],
    ['sip:carol@lee.example;transport=tcp', 'sip:carol@lee.example;transport=tcp', undefined],
  ])('RFC 4694 §5: %s is %s, ported to %s', (uri, dialled, routingNumber) => {
    const read = dialledBy(uri, servesHost);
    expect(read.ok && [read.value.dialled, read.value.routingNumber]).toEqual([dialled, routingNumber]);
  });

  it.each([
    ['sip:62006200*082@192.0.2.7', '62006200*082'],
    ['sip:+82262006200@192.0.2.7:5060;user=phone', '+82262006200'],
    ['sip:carol@lee.example', 'sip:carol@lee.example'],
  ])('R15: %s of a trunk is %s, whatever host it writes', (uri, dialled) => {
    expect(dialledBy(uri, servesHost, true)).toMatchObject({ value: { dialled } });
  });
});
