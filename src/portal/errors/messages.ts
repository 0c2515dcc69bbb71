import { STATUS_CODES } from 'node:http';

/** What a client is told about a status where nobody says more; `fallback` for a status that is not in the table. */
export function standardMessage(status: number, fallback = 'An error occurred.'): string {
  return MESSAGES[status] ?? fallback;
}

/** `Not Found`. */
export function phraseOf(status: number): string {
  return STATUS_CODES[status] ?? (status < 500 ? 'Client Error' : 'Server Error');
}

const MESSAGES: Readonly<Record<number, string>> = {
  400: 'The request is not valid.',
  401: 'Say who you are.',
  403: 'You may not do this.',
  404: 'There is nothing at this address.',
  405: 'This resource does not know this method.',
  406: 'There is no form of this that you accept.',
  409: 'This is in conflict with what is there.',
  413: 'The body is too large.',
  415: 'The body has a type that cannot be read here.',
  422: 'The request is not valid.',
  429: 'Too many requests.',
  500: 'Something went wrong on our side.',
  502: 'A service behind this one gave no usable answer.',
  503: 'This is not available now.',
  504: 'A service behind this one did not answer in time.',
};
