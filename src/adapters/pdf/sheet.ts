import { PDFDocument } from 'pdfkit';
import type { Fonts } from './fonts.ts';
import { printable } from './printable.ts';
import { wrap } from './wrap.ts';

/** How a piece of text looks. */
export type Style = {
  readonly font: 'regular' | 'bold';
  readonly size: number;
  readonly colour: string;
};

/** A4 in points, with margins that a hole punch spares. */
export const PAGE = { width: 595.28, height: 841.89, left: 56, right: 539.28, top: 60, bottom: 780 } as const;

/** What identifies the file to those who list files. */
export type SheetDetails = {
  readonly title: string;
  readonly author: string;
  readonly subject: string;
  readonly language: string;
  readonly createdAtMs: number;
};

/** Paper that is written on from top to bottom. The library knows pages and letters; this knows where one is. */
export class Sheet {
  /** Where the next thing goes, from the top of the page. */
  y: number = PAGE.top;
  readonly #pdf: PDFDocument;
  readonly #file: Promise<Uint8Array>;
  readonly #widths = new Map<string, number>();
  #style: Style | undefined;

  constructor(fonts: Fonts, { title, author, subject, language, createdAtMs }: SheetDetails) {
    this.#pdf = new PDFDocument({
      size: 'A4',
      margin: 0,
      bufferPages: true,
      autoFirstPage: false,
      pdfVersion: '1.7',
      lang: language,
      displayTitle: true,
      info: {
        Title: title,
        Author: author,
        Subject: subject,
        Creator: 'Omnidial',
        Producer: 'Omnidial',
        CreationDate: new Date(createdAtMs),
      },
    });
    this.#pdf.registerFont('regular', fonts.regular).registerFont('bold', fonts.bold);
    this.#file = collected(this.#pdf);
    this.newPage();
  }

  newPage(): void {
    this.#pdf.addPage();
    this.y = PAGE.top;
  }

  /** Whether something of this height has room on the page. */
  fits(height: number): boolean {
    return this.y + height <= PAGE.bottom;
  }

  /** The lines that a text takes in a width. */
  lines(text: string, width: number, style: Style, mostLines?: number): readonly string[] {
    return wrap(this.#shown(text, style), width, (part) => this.#widthOf(part, style), mostLines);
  }

  /** How wide a text is in one line. */
  width(text: string, style: Style): number {
    return this.#widthOf(this.#shown(text, style), style);
  }

  /** How high one line is. */
  lineHeight(style: Style): number {
    this.#use(style);
    return this.#pdf.currentLineHeight(true);
  }

  /**
   * Writes lines one below the other, from `y` on, without moving on.
   * @param x where they begin, or end where they are aligned at the end
   */
  write(
    lines: readonly string[],
    x: number,
    y: number,
    style: Style,
    align: 'start' | 'end' = 'start',
  ): void {
    const height = this.lineHeight(style);
    lines.forEach((line, at) => {
      if (line === '') return;
      const left = align === 'start' ? x : x - this.#widthOf(line, style);
      this.#pdf.text(line, left, y + at * height, { lineBreak: false });
    });
  }

  rule(y: number, from: number, to: number, colour: string, width: number): void {
    this.#pdf.strokeColor(colour).lineWidth(width).moveTo(from, y).lineTo(to, y).stroke();
  }

  /** Goes through the pages once more, for what can be written only when all are there. */
  eachPage(write: (page: number, of: number) => void): void {
    const { count } = this.#pdf.bufferedPageRange();
    for (let page = 1; page <= count; page += 1) {
      this.#pdf.switchToPage(page - 1);
      // A page that is taken up again begins without a style.
      this.#style = undefined;
      write(page, count);
    }
  }

  /** Ends the file. @returns its bytes */
  async finish(): Promise<Uint8Array> {
    this.#pdf.end();
    return this.#file;
  }

  #shown(text: string, style: Style): string {
    this.#use(style);
    return printable(text, (codePoint) => this.#pdf._font.font.hasGlyphForCodePoint(codePoint));
  }

  #use(style: Style): void {
    if (style === this.#style) return;
    this.#pdf.font(style.font).fontSize(style.size).fillColor(style.colour);
    this.#style = style;
  }

  /** Words come again and again in a table, and measuring shapes each letter of them. */
  #widthOf(text: string, style: Style): number {
    const key = `${style.font} ${style.size} ${text}`;
    const known = this.#widths.get(key);
    if (known !== undefined) return known;
    this.#use(style);
    const width = this.#pdf.widthOfString(text);
    this.#widths.set(key, width);
    return width;
  }
}

function collected(pdf: PDFDocument): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    pdf.on('data', (chunk) => chunks.push(chunk));
    pdf.on('end', () => resolve(Buffer.concat(chunks)));
    pdf.on('error', reject);
  });
}
