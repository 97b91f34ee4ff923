import { expect, it } from '@jest/globals';

import { createEvents, type RunEvent } from '../src/events.ts';

it('hands each event to every listener, in order', () => {
  const events = createEvents();
  const heard: string[] = [];
  events.listen((event) => heard.push(`first ${event.kind}`));
  events.listen((event) => heard.push(`second ${event.kind}`));
  const sent: RunEvent[] = [
    { kind: 'started', stage: 'look' },
    { kind: 'finished', stage: 'look', value: 1, durationMs: 2 },
  ];
  for (const event of sent) events.emit(event);
  expect(heard).toEqual(['first started', 'second started', 'first finished', 'second finished']);
});
