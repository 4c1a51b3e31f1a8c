import { Injectable } from '@nestjs/common';
import { DomainError } from '../errors.js';
import { Settings } from '../settings.js';
import { TokenBuckets } from './token-buckets.js';

/** Of the requests of a minute, those that may come at once. */
const BURST_SHARE = 1 / 6;
/** Once an address has used up its failures, keys from it that are not in use are looked up this often only. */
const LOOK_UPS_PER_SECOND = 2;
const LOOK_UP_BURST = 5;

/** How often a key may send requests, and an address keys that are not accepted. */
@Injectable()
export class RequestLimits {
  private readonly requests: TokenBuckets;
  private readonly failures: TokenBuckets;
  private readonly lookUps = new TokenBuckets(LOOK_UP_BURST, LOOK_UPS_PER_SECOND);

  constructor({ requestsPerMinute, failedKeysPerMinute }: Settings) {
    this.requests = new TokenBuckets(Math.ceil(requestsPerMinute * BURST_SHARE), requestsPerMinute / 60);
    this.failures = new TokenBuckets(failedKeysPerMinute, failedKeysPerMinute / 60);
  }

  countRequest(keyId: string): void {
    const waitS = this.requests.take(keyId);
    if (waitS > 0) throw limited('This API key sends too many requests', waitS);
  }

  /** Throws 429 once the address has used up its failures and the look-ups left to it. */
  expectLookUp(address: string): void {
    if (this.failures.wait(address) === 0) return;
    const waitS = this.lookUps.take(address);
    if (waitS > 0) throw tooManyFailures(waitS);
  }

  /** The error to throw in place of `refusal`, the answer to a key that was not accepted. */
  countFailure(address: string, refusal: DomainError): DomainError {
    const waitS = this.failures.take(address);
    return waitS === 0 ? refusal : tooManyFailures(waitS);
  }
}

const tooManyFailures = (waitS: number): DomainError =>
  limited('Too many API keys from this address were not accepted', waitS);

const limited = (detail: string, waitS: number): DomainError =>
  new DomainError('rate_limited', 429, detail, { headers: { 'Retry-After': String(waitS) } });
