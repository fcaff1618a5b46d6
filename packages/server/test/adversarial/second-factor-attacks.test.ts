import type { RecoveryCodes, SecondFactorSetUp } from '@parlour/protocol/second-factor';
import { type TOTP, URI } from 'otpauth';
import { testPassword, type Visitor } from '../visitor.ts';
import { ask, badField, countLetIn, elsewhere, evil, noScope, notIn, ok, unique } from './ask.ts';
import { attackDoors, type Door } from './attack.ts';
import { call, type Stage } from './stage.ts';

const own = '/api/account/second-factor';
const step = '/api/auth/sign-in/second-factor';
const refused = { status: 403, code: 'code_refused' };
const expired = { status: 403, code: 'second_factor_expired' };

/** Somebody who signs in by two steps, with a browser that has done the first. */
async function pending(stage: Stage) {
  const owner = await stage.server.signUp(unique('Hedy'));
  const { body } = await owner.request<SecondFactorSetUp>('POST', own, {});
  const totp = URI.parse(body.uri) as TOTP;
  const next = () => {
    stage.clock.advance(30_000);
    return totp.generate({ timestamp: stage.clock.now() });
  };
  const { recoveryCodes } = (await owner.request<RecoveryCodes>('POST', `${own}/confirm`, { code: next() })).body;
  const browser = await begin(stage, owner);
  return { owner, browser, next, recovery: recoveryCodes[0] ?? '' };
}
async function begin(stage: Stage, { account }: Visitor): Promise<Visitor> {
  const browser = stage.server.visit();
  await browser.request('POST', '/api/auth/sign-in/email', { email: account.email, password: testPassword });
  return browser;
}
const give = (stage: Stage, browser: Visitor, code: string) => call(stage, browser, 'POST', step, { code });

const secondStep: Door = {
  door: `POST ${step}`,
  allowed: async (stage) => {
    const { browser, next } = await pending(stage);
    return give(stage, browser, next());
  },
  works: ok,
  attacks: [
    ['without the first step', ask('nobody', 'POST', step, { code: '123456' }), expired],
    ['no code', ask('nobody', 'POST', step, {}), badField],
    ['from another site', ask('nobody', 'POST', step, { code: '123456' }, evil), elsewhere],
    [
      'no code of any form',
      async (stage) => give(stage, (await pending(stage)).browser, 'x'),
      refused,
      'second_factor_failed',
    ],
    [
      'nothing but the first step',
      async (stage) => call(stage, (await pending(stage)).browser, 'GET', '/api/rooms'),
      notIn,
    ],
    [
      'a code that was used',
      async (stage) => {
        const { owner, browser, next } = await pending(stage);
        const code = next();
        await give(stage, browser, code);
        return give(stage, await begin(stage, owner), code);
      },
      refused,
    ],
    [
      'one code in three browsers at once: one enters',
      async (stage) => {
        const { owner, browser, next } = await pending(stage);
        const browsers = [browser, await begin(stage, owner), await begin(stage, owner)];
        const code = next();
        return countLetIn(browsers.map((one) => give(stage, one, code)));
      },
      { status: 1 },
    ],
    [
      'one recovery code in two browsers at once: one enters',
      async (stage) => {
        const { owner, browser, recovery } = await pending(stage);
        return countLetIn([browser, await begin(stage, owner)].map((one) => give(stage, one, recovery)));
      },
      { status: 1 },
      'recovery_code_used',
    ],
    [
      'the code of another person',
      async (stage) => {
        const [{ browser }, { recovery }] = [await pending(stage), await pending(stage)];
        return give(stage, browser, recovery);
      },
      refused,
    ],
    [
      'the first step once more',
      async (stage) => {
        const { browser, next } = await pending(stage);
        const { cookie } = browser;
        await give(stage, browser, next());
        return call(stage, stage.server.visit(), 'POST', step, { code: next() }, { cookie });
      },
      expired,
    ],
    [
      'a first step from before the password was changed',
      async (stage) => {
        const { owner, browser, next } = await pending(stage);
        await owner.request('POST', '/api/account/password', {
          current: testPassword,
          password: 'a long new pass phrase',
        });
        return give(stage, browser, next());
      },
      expired,
    ],
    [
      'turning it off with a token',
      async (stage) => {
        const { owner, next } = await pending(stage);
        const authorization = `Bearer ${await owner.token()}`;
        return call(stage, stage.server.visit(), 'DELETE', own, { code: next() }, { authorization });
      },
      noScope,
    ],
  ],
};

attackDoors('attacks on the second factor', [secondStep]);
