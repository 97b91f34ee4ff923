import { describe, expect, it } from '@jest/globals';

import { code, escape, fence } from '../../src/report/escape.ts';

describe('text of others', () => {
  const cases = [
    ['<img src=x>', '&lt;img src=x&gt;'],
    ['</code><!-- a -->', '&lt;/code&gt;&lt;\\!-- a --&gt;'],
    ['a & b &lt;', 'a &amp; b &amp;lt;'],
    ['[x](http://y)', '\\[x\\]\\(http://y\\)'],
    ['![x](y)', '\\!\\[x\\]\\(y\\)'],
    ['**bold** _it_ ~no~', '\\*\\*bold\\*\\* \\_it\\_ \\~no\\~'],
    ['`code` a|b # !', '\\`code\\` a\\|b \\# \\!'],
    ['{"a":1}', '\\{"a":1\\}'],
    ['back\\slash \\|', 'back\\\\slash \\\\\\|'],
    ['thanks @someone, closes #1', 'thanks @\u200bsomeone, closes \\#1'],
    ['tab\tand\r  line\nbreaks', 'tab and line breaks'],
    ['你好 – plain', '你好 – plain'],
    ['', ''],
  ] as const;

  it.each(cases)('%j is shown as it is', (text, shown) => {
    expect(escape(text)).toBe(shown);
    expect(code(text)).toBe(`<code>${shown}</code>`);
  });
});

it.each([
  [['a', 'b'], '```text\na\nb\n```'],
  [[], '```text\n\n```'],
  [['``'], '```text\n``\n```'],
  [['a ``` b'], '````text\na ``` b\n````'],
  [['```', '`````js', '</details>'], '``````text\n```\n`````js\n</details>\n``````'],
])('no line of %j ends the block of code', (lines, block) => {
  expect(fence(lines)).toBe(block);
});
