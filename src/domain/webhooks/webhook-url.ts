import { accept, type Result, refuse } from '../refusal/index.ts';

const LONGEST_URL = 2_000;

/**
 * Reads where events are to be sent.
 * @param allowsPlain whether `http:` may be spoken, for receivers in a network of one's own
 * @returns the URL in its normal form, refused with `webhook-url-refused`
 */
export function readWebhookUrl(text: string, allowsPlain: boolean): Result<string, 'webhook-url-refused'> {
  const url = URL.parse(text.trim());
  if (url === null) return refused('It is no URL, as https://example.com/omnidial.');
  if (url.protocol !== 'https:' && !(allowsPlain && url.protocol === 'http:')) {
    return refused(
      'Events are sent over https: only, since they tell of people’s calls; to http: in a network of one’s own where the operator allows it (OMNIDIAL_PRIVATE_ADDRESSES=yes).',
    );
  }
  if (url.username !== '' || url.password !== '') {
    return refused('It may hold no user and password: the signature says who sends.');
  }
  url.hash = '';
  if (url.href.length > LONGEST_URL) return refused(`It has at most ${LONGEST_URL} letters.`);
  return accept(url.href);
}

function refused(detail: string): Result<never, 'webhook-url-refused'> {
  return refuse('webhook-url-refused', detail, '/url');
}
