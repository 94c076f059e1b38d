import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** The files of the letters, of which a document takes with it what it uses. */
export type Fonts = { readonly regular: Uint8Array; readonly bold: Uint8Array };

const FAMILY = '@expo-google-fonts/noto-sans-kr';

/** Reads both files, six megabytes each. */
export async function loadFonts(): Promise<Fonts> {
  const [regular, bold] = await Promise.all([
    read('400Regular/NotoSansKR_400Regular.ttf'),
    read('700Bold/NotoSansKR_700Bold.ttf'),
  ]);
  return { regular, bold };
}

async function read(path: string): Promise<Uint8Array> {
  return readFile(fileURLToPath(import.meta.resolve(`${FAMILY}/${path}`)));
}
