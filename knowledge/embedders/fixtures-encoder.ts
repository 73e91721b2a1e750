import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A tiny encoder for tests: one Gather from a table of 12 token vectors of 4 numbers, `input_ids` and `attention_mask` in, `last_hidden_state` out. Made with
 * the writer in `detection/models/onnx`, which this folder may not import: sin(i^2 + 1), rounded to two places.
 */
const model =
  'CAoSB2NlcmVicm86qwMKRAoFdGFibGUKCWlucHV0X2lkcxIRbGFzdF9oaWRkZW5fc3RhdGUaCEdhdGhlcl8wIgZHYXRoZXIqCwoEYXhpcxgAoAECEgdlbmNvZGVyKtABCgIMBBABQgV0YWJsZUrAAT0KVz/D9Wg/j8J1v3E9Cr+PwnW/XI9CPwrXI7+4HoW+4XpUP1K4nj5mZuY+AAAAP9ej8D4zM7M+zcxMP1yPQr6F6xG/4XpUP6Rwfb/D9Si/ZmZmv4XrUT97FG4/zcxMP1K4Xr9I4Tq/AACAv8P1aD8Urse+zcxMPT0KFz9SuB4/AABAP7geBT4Urkc/MzMzPx+F6z64HoU+uB4FvqRwfT/Xo3C/MzNzv3E9Cr8Ursc+SOF6PwrXoz49Cte+pHB9v1omCglpbnB1dF9pZHMSGQoXCAcSEwoHEgViYXRjaAoIEgZsZW5ndGhaKwoOYXR0ZW50aW9uX21hc2sSGQoXCAcSEwoHEgViYXRjaAoIEgZsZW5ndGhiMgoRbGFzdF9oaWRkZW5fc3RhdGUSHQobCAESFwoHEgViYXRjaAoIEgZsZW5ndGgKAggEQgQKABAVQg4KCmFpLm9ubngubWwQAw==';

export const tableOf = (token: number): number[] =>
  Array.from({ length: 4 }, (_, k) => Math.round(Math.sin((token * 4 + k) ** 2 + 1) * 100) / 100);

export const vocabulary = [
  '[PAD]',
  '[UNK]',
  '[CLS]',
  '[SEP]',
  'the',
  'queue',
  'is',
  'full',
  'disk',
  'of',
  'data',
  '##base',
];

/** Writes the encoder as sentence encoders are published: a WordPiece tokenizer beside the model. */
export function writeEncoder(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const special = vocabulary.slice(0, 4).map((content, id) => ({
    id,
    content,
    special: true,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
  }));
  const tokenizer = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: special,
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [
        { SpecialToken: { id: '[CLS]', type_id: 0 } },
        { Sequence: { id: 'A', type_id: 0 } },
        { SpecialToken: { id: '[SEP]', type_id: 0 } },
      ],
      pair: [],
      special_tokens: {
        '[CLS]': { id: '[CLS]', ids: [2], tokens: ['[CLS]'] },
        '[SEP]': { id: '[SEP]', ids: [3], tokens: ['[SEP]'] },
      },
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])),
    },
  };
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer));
  writeFileSync(
    join(folder, 'tokenizer_config.json'),
    JSON.stringify({ tokenizer_class: 'BertTokenizer', unk_token: '[UNK]' }),
  );
  writeFileSync(join(folder, 'model.onnx'), Buffer.from(model, 'base64'));
}
