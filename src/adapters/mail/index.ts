/** Sends letters by SMTP. */
export { createSmtpMailer, type SmtpMailerOptions } from './smtp-mailer.ts';
