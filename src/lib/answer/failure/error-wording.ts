import type { ErrorKind } from '../attempt.ts';
import type { WireError } from './error-body.ts';

/**
 * The codes and types in use, letters and digits only, lower case. Sources: the providers' own error pages, and what
 * servers answered. LiteLLM without a database says `no_db_connection` of any key but its master key.
 */
const WORDS: readonly (readonly [ErrorKind, RegExp])[] = [
  [
    'content_filter',
    /^(contentfilter\w*|contentpolicyviolation|responsibleaipolicyviolation|datainspectionfailed|sensitive\w*|promptblocked)$/,
  ],
  [
    'quota',
    /^(insufficient(user)?(quota|balance|credits?)|billing(error|hardlimitreached|notactive)|credit(s|balance)\w*|outofcredits?|paymentrequired|quotaexhausted|prepaymentfailed|arrearage|\w*budgetexceeded)$/,
  ],
  [
    'overloaded',
    /^((server|engine|model)?(is)?overloaded(error)?|slowdown|capacityexceeded|modelcapacityexceeded)$/,
  ],
  [
    'rate_limited',
    /^(rate_?limit\w*|toomanyrequests|ratelimited|throttl\w*|requests|tokens|requestlimitexceeded|\w*ratelimit(exceeded|reached|error))$/,
  ],
  [
    'auth',
    /^((invalid|incorrect|expired|unknown|missing)(api)?(key|token)|(api)?(key|token)(invalid|expired|notfound\w*)|auth(entication|ori[sz]ation)?(error|failed|failure)?|authentication\w*|unauthori[sz]ed|unauthenticated|permission\w*|forbidden|accessdenied|nodbconnection)$/,
  ],
  ['timeout', /^(request|gateway|upstream)?(timeout|timedout)(error)?$|^deadlineexceeded$/],
  [
    'bad_request',
    /^(invalidrequest\w*|badrequest\w*|contextlength\w*|exceedcontextsize\w*|modelnotfound|notfound\w*|requesttoolarge|unsupported\w*|invalidargument|invalidparameter\w*|invalidprompt|unprocessable\w*|validationerror|stringabovemaxlength)$/,
  ],
  [
    'server',
    /^(internal\w*|server(error|shutdown)|apierror|upstream\w*|unavailable|serviceunavailable\w*|badgateway|providererror|engine\w*)$/,
  ],
];

/** The class that an error's code or type names; null when neither is known. */
export function kindOfWords({ code, type }: WireError): ErrorKind | null {
  return kindOfWord(code) ?? kindOfWord(type);
}

function kindOfWord(word: string | number | null): ErrorKind | null {
  if (typeof word !== 'string') return null;
  const plain = word.toLowerCase().replace(/[^a-z0-9]/g, '');
  return WORDS.find(([, pattern]) => pattern.test(plain))?.[0] ?? null;
}

/** The HTTP status that an error's code stands for (100 to 599, a number or its digits); null for any other code. */
export function statusOfCode({ code }: WireError): number | null {
  const number = typeof code === 'string' && /^\d{3}$/.test(code) ? Number(code) : code;
  return typeof number === 'number' && Number.isInteger(number) && number >= 100 && number <= 599
    ? number
    : null;
}

const RATE_WORDS =
  /rate.?limit|too many requests|(try again|retry) in \d|\bper[ -](second|min|hour)|\b[rt]pm\b/i;
const QUOTA_WORDS =
  /insufficient.{0,20}(quota|balance|credit|fund)|billing|(credits?|balance).{0,30}(low|left|exhaust|used up|empty|exceed|required|depleted|run out)|(no|out of|buy|purchase|add|more) (more )?credits?\b|quota.{0,40}(used up|exhaust|exceed)|exceeded your current quota|payment/i;
const OVERLOAD_WORDS = /overloaded|(over|at|no|insufficient|out of) capacity|server (is )?(too )?busy/i;

/**
 * Whether a refusal for too much use is a spent account, which no waiting mends, or a rate. An explicit rate wins
 * over the word "billing", which servers also use to advertise a higher rate.
 */
export function isQuotaWording(message: string): boolean {
  return QUOTA_WORDS.test(message) && !RATE_WORDS.test(message);
}

/** Whether a message says that the server has more work than it can take. */
export function isOverloadWording(message: string): boolean {
  return OVERLOAD_WORDS.test(message);
}

const KEY_WORDS =
  /api.?key\b.{0,30}\b(not valid|invalid|expired|incorrect|missing|required|not found)|(invalid|incorrect|expired|missing|no) api.?key/i;

/** Whether a message complains of the key. */
export function isKeyWording(message: string): boolean {
  return KEY_WORDS.test(message);
}

/** Words of a server in trouble, or a page, which no stream holds. */
const TROUBLE_WORDS =
  /error|fail|exception|traceback|unavailable|time.?out|timed out|denied|refused|invalid|crash|abort|panic|fatal|killed|out of memory|bad gateway|<\/?(html|body|head|title|h1)\b/i;

/** Whether a text in place of an event tells of trouble; else it may be chatter. */
export function isErrorText(text: string): boolean {
  return TROUBLE_WORDS.test(text) || kindOfWording(text) !== null;
}

/** The class that the wording alone tells, for errors without a known code. */
export function kindOfWording(message: string): ErrorKind | null {
  if (isOverloadWording(message)) return 'overloaded';
  if (RATE_WORDS.test(message)) return 'rate_limited';
  return isQuotaWording(message) ? 'quota' : null;
}

/** The class of an HTTP status other than 2xx. */
export function kindOfStatus(status: number): ErrorKind {
  switch (status) {
    case 401:
    case 403:
    case 407:
      return 'auth';
    case 402:
      return 'quota';
    case 408:
    case 504:
    case 522:
    case 524:
      return 'timeout';
    // 425 Too Early: may be sent again as it is. 499: a proxy's own client went away.
    case 425:
    case 499:
      return 'server';
    case 429:
      return 'rate_limited';
    case 498:
    case 529:
      return 'overloaded';
    default:
      if (status >= 500 && status <= 599) return 'server';
      return status >= 300 && status <= 499 ? 'bad_request' : 'invalid';
  }
}
