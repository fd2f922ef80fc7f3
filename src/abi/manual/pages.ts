/** All pages of the manual, made from the definitions of the interface. */

import { AEGIS_CALLS, type CallDefinition } from '../calls.js';
import { AEGIS_CONSTANTS } from '../constants.js';
import { AEGIS_ERRORS } from '../errors.js';
import { EVENTS, type EventDefinition } from '../events.js';
import { placeFields } from '../layout.js';
import { MEASURED_COSTS, STACK_CALL_INSTRUCTIONS } from '../measured.js';
import { STRUCTURES, type StructureDefinition } from '../structures.js';
import { CONCEPTS, type Concept } from './concepts.js';
import type { ManualList, ManualPage } from './page.js';
import { UPCALLS, type UpcallDefinition } from './upcalls.js';

const ARGUMENT_REGISTERS: readonly string[] = ['a0', 'a1', 'a2', 'a3', 't0', 't1', 't2', 't3'];
const CAPABILITY_WORDS = 4;

const PATHS: Readonly<Record<CallDefinition['path'], string>> = {
  primitive: 'primitive operation: alters no register that the application sees when it succeeds',
  direct: 'direct: without a stack, v0 alone changes',
  stack: 'with a stack: at, v1, a0-a3, t0-t9, hi and lo are lost',
};

/** What was measured for a page of the manual, by path; empty when nothing was. */
function costItems(page: string): (readonly [path: string, figures: string])[] {
  return MEASURED_COSTS.filter((cost) => cost.page === page).map(({ instructions, cycles, paper, path }) => [
    path,
    `${instructions} instructions, ${cycles} cycles (5000/125, warm)${paper === '' ? '' : `; the paper: ${paper}`}`,
  ]);
}

function callCost(call: CallDefinition): string {
  const measured = costItems(call.name);
  if (measured.length > 0) return [...new Set(measured.map(([, figures]) => figures))].join('; ');
  if (call.path === 'stack' && !call.noReturn)
    return `${STACK_CALL_INSTRUCTIONS} instructions to its function and back${call.takesCapability || call.returnsCapability ? ', and the clearing of registers after it' : ''}; its own work is not measured apart`;
  return 'not measured apart';
}

/** The constants that texts speak of as AEGIS_NAME_*. */
function constantLists(texts: readonly string[]): ManualList[] {
  const prefixes = new Set(texts.flatMap((text) => text.match(/AEGIS_[A-Z_]+_(?=\*)/g) ?? []));
  return [...prefixes].map((prefix) => ({
    heading: `${prefix}*`,
    items: AEGIS_CONSTANTS.filter(({ name }) => name.startsWith(prefix) && !name.endsWith('_COUNT')).map(
      ({ name, value, text }) => [name, `${text}${text === '' ? '' : ' '}(${hex(value)})`] as const,
    ),
  }));
}

function hex(value: number): string {
  return value < 10 ? String(value) : `0x${(value >>> 0).toString(16)}`;
}

function callPage(call: CallDefinition): ManualPage {
  const first = call.takesCapability ? CAPABILITY_WORDS : 0;
  const parameters = [
    ...(call.takesCapability ? ['capability'] : []),
    ...call.arguments.map(({ name }) => name),
  ];
  return {
    name: call.name,
    kind: 'call',
    title: `${call.name}(${parameters.join(', ')}): call ${call.number}`,
    paragraphs: [call.text],
    lists: [
      {
        heading: 'Arguments',
        items: [
          ...(call.takesCapability ? ([['a0-a3', 'a capability']] as const) : []),
          ...call.arguments.map(
            ({ name, text }, index) =>
              [`${ARGUMENT_REGISTERS[first + index]}`, text === '' ? name : `${name}: ${text}`] as const,
          ),
        ],
      },
      {
        heading: '',
        items: [
          ['returns', call.noReturn ? 'does not return to the next instruction' : call.returns],
          ...(call.returnsCapability ? ([['a0-a3', 'a capability of it']] as const) : []),
          ['demands', call.demands],
          ['errors', call.errors.length === 0 ? 'none' : call.errors.join(', ')],
          ['path', PATHS[call.path]],
          ['cost', callCost(call)],
          ['concept', CONCEPTS.find(({ calls }) => calls.includes(call.name))?.name ?? ''],
        ],
      },
      ...constantLists(call.arguments.map(({ text }) => text)),
    ],
    paper: call.paper,
  };
}

function upcallPage(upcall: UpcallDefinition): ManualPage {
  return {
    name: upcall.name,
    kind: 'upcall',
    title: `${upcall.name}: upcall`,
    paragraphs: [upcall.text],
    lists: [
      { heading: 'What it finds', items: upcall.arguments },
      {
        heading: '',
        items: [
          ['set by', upcall.setBy],
          ['ends by', upcall.endsBy],
          ['concept', upcall.concept],
        ],
      },
      ...(upcall.name === 'start-of-slice' ? constantLists(upcall.arguments.map(([, text]) => text)) : []),
    ],
    paper: upcall.paper,
  };
}

/** Kinds that several trace points share are one page. */
function eventPages(): ManualPage[] {
  const byName = new Map<string, EventDefinition[]>();
  for (const event of EVENTS) byName.set(event.name, [...(byName.get(event.name) ?? []), event]);
  return [...byName].map(([name, [first, ...others]]) => {
    const event = first as EventDefinition;
    return {
      name,
      kind: 'event',
      title: `${name}: event`,
      paragraphs: [event.text],
      lists: [
        {
          heading: 'Registers',
          items: event.arguments.map(
            (argument) =>
              [
                argument.register,
                argument.text === '' ? argument.name : `${argument.name}: ${argument.text}`,
              ] as const,
          ),
        },
        {
          heading: '',
          items: [
            ['trace point', [event, ...others].map(({ symbol }) => symbol).join(', ')],
            ['concept', CONCEPTS.find(({ events }) => events.includes(name))?.name ?? ''],
          ],
        },
      ],
      paper: event.paper,
    };
  });
}

function structurePage(structure: StructureDefinition): ManualPage {
  return {
    name: structure.name,
    kind: 'structure',
    title: `struct ${structure.name}: ${structure.size} bytes`,
    paragraphs: [structure.text],
    lists: [
      {
        heading: '',
        items: placeFields(structure).map(
          ({ field: { name, type, count, text }, offset }) =>
            [
              `0x${offset.toString(16).padStart(3, '0')} ${type} ${name}${count === undefined ? '' : `[${count}]`}`,
              text ?? '',
            ] as const,
        ),
      },
    ],
    paper: structure.text.startsWith('Exported') ? '3.1' : '',
  };
}

function conceptPage(concept: Concept): ManualPage {
  const named = <T extends { readonly name: string }>(names: readonly string[], from: readonly T[]): T[] =>
    names.flatMap((name) => from.find((one) => one.name === name) ?? []);
  const lists: ManualList[] = [
    {
      heading: 'Calls',
      items: named(concept.calls, AEGIS_CALLS).map(({ name, text }) => [name, brief(text)]),
    },
    {
      heading: 'Upcalls',
      items: UPCALLS.filter((one) => one.concept === concept.name).map(({ name, text }) => [
        name,
        brief(text),
      ]),
    },
    { heading: 'Events', items: named(concept.events, EVENTS).map(({ name, text }) => [name, text]) },
    {
      heading: 'Structures',
      items: named(concept.structures, STRUCTURES).map(({ name, text }) => [name, text]),
    },
    { heading: 'Cost', items: costItems(concept.name) },
    { heading: '', items: [['in src/guest/aegis', concept.sources.join(', ')]] },
  ];
  return {
    name: concept.name,
    kind: 'concept',
    title: concept.title,
    paragraphs: concept.paragraphs,
    lists,
    paper: concept.paper,
  };
}

/** The first sentence. */
function brief(text: string): string {
  return /^.*?[.:](?= |$)/.exec(text)?.[0].replace(/:$/, '.') ?? text;
}

function errorPage({ name, code, text }: (typeof AEGIS_ERRORS)[number]): ManualPage {
  const returners = AEGIS_CALLS.filter(({ errors }) => errors.includes(name))
    .map((call) => call.name)
    .join(', ');
  return {
    name,
    kind: 'error',
    title: `${name}: error ${code}`,
    paragraphs: [`${text.charAt(0).toUpperCase()}${text.slice(1)}.`],
    lists: [
      {
        heading: '',
        items: [['returned by', returners === '' ? 'no call itself: it arrives later' : returners]],
      },
    ],
    paper: '',
  };
}

export function manualPages(differences: string): readonly ManualPage[] {
  return [
    ...CONCEPTS.map(conceptPage),
    ...AEGIS_CALLS.map(callPage),
    ...UPCALLS.map(upcallPage),
    ...eventPages(),
    ...AEGIS_ERRORS.map(errorPage),
    ...STRUCTURES.map(structurePage),
    {
      name: 'differences',
      kind: 'list',
      title: 'What differs from the paper, and why',
      paragraphs: [differences],
      lists: [],
      paper: '',
    },
  ];
}
