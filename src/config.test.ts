import { describe, expect, it } from 'vitest';
import { readConfig, SETTINGS } from './config.ts';

describe('the environment', () => {
  it('needs nothing, and then listens on loopback only', () => {
    expect(readConfig({})).toMatchObject({
      ok: true,
      config: {
        dataFolder: './data',
        databaseUrl: undefined,
        http: { address: '127.0.0.1', port: 8080 },
        sip: [{ address: '127.0.0.1', port: 5060 }],
        ringTimeoutMs: 120_000,
      },
    });
  });

  it('takes several addresses, IPv6 in brackets', () => {
    expect(readConfig({ OMNIDIAL_SIP: '0.0.0.0:5060, [::1]:5061' })).toMatchObject({
      config: {
        sip: [
          { address: '0.0.0.0', port: 5060 },
          { address: '::1', port: 5061 },
        ],
      },
    });
  });

  it('names where buyers pay', () => {
    const outcome = readConfig({
      OMNIDIAL_DEPOSIT_ACCOUNTS: 'KRW:Bank:110-1:Omnidial; USD:Other:2:Omnidial',
    });
    expect(outcome).toMatchObject({
      config: { depositAccounts: { KRW: { bank: 'Bank', account: '110-1' }, USD: { bank: 'Other' } } },
    });
  });

  it('names who sells, and the tax on what is sold', () => {
    const given = {
      OMNIDIAL_SELLER_NAME: 'Omnidial Inc.',
      OMNIDIAL_SELLER_ADDRESS: '110 Sejong-daero; Seoul 04524;',
      OMNIDIAL_SELLER_TAX_NUMBER: '123-45-67890',
      OMNIDIAL_SELLER_TIME_ZONE: 'Asia/Seoul',
      OMNIDIAL_TAX: 'VAT 10% included',
    };
    expect(readConfig(given)).toMatchObject({
      config: {
        seller: {
          name: 'Omnidial Inc.',
          addressLines: ['110 Sejong-daero', 'Seoul 04524'],
          taxNumber: '123-45-67890',
        },
        sellerTimeZone: 'Asia/Seoul',
        taxation: { name: 'VAT', ratePerMillion: 100_000, taxIs: 'included' },
      },
    });
    expect(readConfig({})).not.toHaveProperty('config.seller');
    expect(readConfig({})).not.toHaveProperty('config.taxation');
    const problemsOf = (wrong: Record<string, string>) => {
      const outcome = readConfig({ ...given, ...wrong });
      return outcome.ok ? [] : outcome.problems.map((problem) => problem.split(':')[0]);
    };
    expect(problemsOf({ OMNIDIAL_SELLER_TIME_ZONE: '+09:00' })).toEqual(['OMNIDIAL_SELLER_TIME_ZONE']);
    expect(problemsOf({ OMNIDIAL_SELLER_NAME: '' })).toEqual(['OMNIDIAL_SELLER_NAME']);
    expect(problemsOf({ OMNIDIAL_SELLER_NAME: 'x'.repeat(201) })).toEqual(['OMNIDIAL_SELLER_NAME']);
    expect(problemsOf({ OMNIDIAL_SELLER_ADDRESS: 'a;'.repeat(9) })).toEqual(['OMNIDIAL_SELLER_ADDRESS']);
    expect(problemsOf({ OMNIDIAL_SELLER_TAX_NUMBER: '1\u00072' })).toEqual(['OMNIDIAL_SELLER_TAX_NUMBER']);
    expect(problemsOf({ OMNIDIAL_TAX: '10%' })).toEqual(['OMNIDIAL_TAX']);
  });

  it('has SIP over TLS where address, certificate and key are given, and says which is missing', () => {
    const [listen, certificate] = [
      { OMNIDIAL_SIP_TLS: '192.0.2.1:5061' },
      { OMNIDIAL_TLS_CERTIFICATE: 'c.pem', OMNIDIAL_TLS_KEY: 'k.pem' },
    ];
    expect(readConfig({ ...listen, ...certificate })).toMatchObject({
      config: {
        tls: {
          listen: [{ address: '192.0.2.1', port: 5061 }],
          certificateFile: 'c.pem',
          keyFile: 'k.pem',
        },
      },
    });
    const problemsOf = (given: Record<string, string>) => {
      const outcome = readConfig(given);
      return outcome.ok ? [] : outcome.problems.map((problem) => problem.split(':')[0]);
    };
    expect(problemsOf(listen)).toEqual(['OMNIDIAL_TLS_CERTIFICATE', 'OMNIDIAL_TLS_KEY']);
    expect(problemsOf(certificate)).toEqual(['OMNIDIAL_SIP_TLS']);
    expect(problemsOf({ ...certificate, OMNIDIAL_SIP_TLS: 'here' })).toEqual(['OMNIDIAL_SIP_TLS']);
    expect(readConfig({})).not.toHaveProperty('config.tls');
  });

  it.each([
    ['OMNIDIAL_HTTP', '8080'],
    ['OMNIDIAL_DNS', 'ns.example'],
    ['OMNIDIAL_STRANGERS', 'perhaps'],
    ['OMNIDIAL_MEDIA', 'sometimes'],
    ['OMNIDIAL_RTPENGINE', 'rtpengine'],
    ['OMNIDIAL_MEDIA_ADDRESS', 'here'],
    ['OMNIDIAL_MEDIA_PORTS', '30000-20000'],
    ['OMNIDIAL_HTTP', '127.0.0.1:99999'],
    ['OMNIDIAL_SIP', 'example.com:5060'],
    ['OMNIDIAL_SIP_ADVERTISED', 'here'],
    ['OMNIDIAL_DOMAIN', 'two words'],
    ['OMNIDIAL_RING_SECONDS', 'long'],
    ['OMNIDIAL_SMTP', 'mail.example:25'],
    ['OMNIDIAL_MAIL_FROM', 'Omnidial <a@b.example>, c@d.example'],
    ['OMNIDIAL_LOG', 'chatty'],
    ['DATABASE_URL', 'mysql://localhost/x'],
    ['OMNIDIAL_PUBLIC_URL', 'not a url'],
    ['OMNIDIAL_DEPOSIT_ACCOUNTS', 'KRW:Bank'],
  ])('is refused where %s is "%s", and the refusal names it', (name, value) => {
    const outcome = readConfig({ [name]: value });
    expect(outcome.ok ? [] : outcome.problems).toMatchObject([expect.stringContaining(name)]);
  });

  it('sends mail by the server that is named, and repeats no password where it is named wrongly', () => {
    const named = readConfig({
      OMNIDIAL_SMTP: 'smtps://o:secret@mail.example',
      OMNIDIAL_DOMAIN: 'tel.example',
    });
    const mail = { url: 'smtps://o:secret@mail.example', from: 'omnidial@tel.example' };
    expect(named).toMatchObject({ config: { mail } });
    const wrong = readConfig({ OMNIDIAL_SMTP: 'http://o:secret@mail.example' });
    expect(JSON.stringify(wrong)).not.toContain('secret');
  });

  it('takes cards where both keys of Stripe are given, and repeats neither where something is wrong', () => {
    const keys = {
      OMNIDIAL_STRIPE_SECRET_KEY: 'rk_live_secret',
      OMNIDIAL_STRIPE_WEBHOOK_SECRET: 'whsec_secret',
    };
    expect(readConfig({})).not.toHaveProperty('config.stripe');
    expect(readConfig(keys)).toMatchObject({
      config: { stripe: { secretKey: 'rk_live_secret', webhookSecret: 'whsec_secret' } },
    });
    for (const wrong of [
      { ...keys, OMNIDIAL_STRIPE_SECRET_KEY: 'pk_live_secret' },
      { ...keys, OMNIDIAL_STRIPE_SECRET_KEY: '' },
      { ...keys, OMNIDIAL_STRIPE_WEBHOOK_SECRET: '' },
    ]) {
      const outcome = readConfig(wrong);
      expect(outcome.ok ? [] : outcome.problems).toMatchObject([expect.stringContaining('OMNIDIAL_STRIPE')]);
      expect(JSON.stringify(outcome)).not.toContain('_secret');
    }
  });

  it('is told all that is wrong at once', () => {
    const everything = Object.fromEntries(SETTINGS.map(({ name }) => [name, '\u0000']));
    const outcome = readConfig(everything);
    expect(outcome.ok ? 0 : outcome.problems.length).toBeGreaterThanOrEqual(7);
  });
});
