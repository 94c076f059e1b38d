import type { Money } from '../money.ts';

/** What a document is to whoever gets it. */
export const DOCUMENT_KINDS = ['receipt', 'invoice', 'credit-note', 'settlement-statement'] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

/** The languages that documents are written in. */
export const DOCUMENT_LANGUAGES = ['ko', 'en'] as const;
export type DocumentLanguage = (typeof DOCUMENT_LANGUAGES)[number];

/** Who sells, or who is sold to. */
export type DocumentParty = {
  readonly name: string;
  readonly addressLines: readonly string[];
  /** Of the register of companies, where there is one. */
  readonly registrationNumber?: string;
  /** By which the tax office knows it: in Korea the business registration number. */
  readonly taxNumber?: string;
};

/** From a moment on, up to another that no longer belongs to it. */
export type DocumentPeriod = { readonly fromMs: number; readonly untilMs: number };

/** How much of something: whole pieces, calls, months or years, or seconds of calls. */
export type DocumentQuantity = {
  readonly count: bigint;
  readonly unit: 'piece' | 'call' | 'month' | 'year' | 'second';
};

/** One thing that is paid for. */
export type DocumentLine = {
  readonly description: string;
  readonly period?: DocumentPeriod;
  readonly quantity?: DocumentQuantity;
  /** Of one piece, call, month or year; of seconds it is the price of a minute. */
  readonly unitPrice?: Money;
  /** Below zero where it is taken off. */
  readonly amount: Money;
};

/** A tax: what it is charged on, and how much it is. */
export type DocumentTax = {
  readonly name: string;
  /** Millionths: 100 000 is 10 %. */
  readonly ratePerMillion: number;
  readonly net: Money;
  readonly tax: Money;
};

/** How it was paid, where it was. */
export type DocumentPayment = {
  readonly method: 'bank-deposit' | 'card' | 'credit' | 'offset';
  readonly reference: string;
  readonly paidAtMs: number;
};

/**
 * A receipt, invoice, credit note or statement before it has a number. Amounts are all of one currency. Those of a
 * credit note are above zero, since its kind says which way the money goes; a statement's total is what the seller
 * owes the other party, below zero where that one owes the seller (R23).
 */
export type DocumentContent = {
  readonly kind: DocumentKind;
  readonly issuedAtMs: number;
  /** Of the IANA database: `Asia/Seoul`. Days are counted in it. */
  readonly timeZone: string;
  readonly language: DocumentLanguage;
  readonly seller: DocumentParty;
  readonly buyer: DocumentParty;
  readonly period?: DocumentPeriod;
  /** Until when it is to be paid. */
  readonly dueAtMs?: number;
  /** The number of the document that this one corrects. */
  readonly corrects?: string;
  readonly lines: readonly DocumentLine[];
  /** Whether the lines have the tax in them, or it comes on top of their sum. */
  readonly taxIs: 'included' | 'added';
  readonly taxes: readonly DocumentTax[];
  readonly total: Money;
  readonly payment?: DocumentPayment;
  readonly notes: readonly string[];
};

/** A document as it was issued: it never changes again. */
export type BillingDocument = DocumentContent & {
  /** `R-2026-000123`: without gaps for each seller, kind and year. */
  readonly number: string;
};

/** The language for somebody who is served in a language: English where documents are not written in it. */
export function documentLanguageOf(language: string): DocumentLanguage {
  return DOCUMENT_LANGUAGES.find((each) => each === language) ?? 'en';
}
