/**
 * The React tree: a frame's parts as Ink boxes at their places, overlays last. It holds no state; panes are not here at
 * all, they are holes that the compositor fills.
 */

import { Box, Text } from 'ink';
import { memo, type ReactElement } from 'react';
import type { Frame, FramePart } from '../frame.js';
import { isSameRow, type Row } from '../rows.js';

const Line = memo(LineOfSpans, (before, after) => isSameRow(before.spans, after.spans));

function LineOfSpans({ spans }: { readonly spans: Row }): ReactElement {
  if (spans.length === 0) return <Box height={1} />;
  return (
    <Text wrap="truncate-end">
      {spans.map((part, index) => (
        <Text
          // A span has no identity but its place in the line.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          key={index}
          {...(part.color === undefined ? {} : { color: part.color })}
          {...(part.background === undefined ? {} : { backgroundColor: part.background })}
          bold={part.bold === true}
          dimColor={part.dim === true}
          inverse={part.inverse === true}
          underline={part.underline === true}
        >
          {part.text}
        </Text>
      ))}
    </Text>
  );
}

function Part({ part }: { readonly part: FramePart }): ReactElement {
  const { x, y, width, height } = part.rectangle;
  return (
    <Box
      position="absolute"
      marginLeft={x}
      marginTop={y}
      width={width}
      height={height}
      flexDirection="column"
    >
      {part.rows.map((spans, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place in the window
        <Line key={index} spans={spans} />
      ))}
    </Box>
  );
}

export function App({ frame }: { readonly frame: Frame }): ReactElement {
  return (
    <Box width={frame.columns} height={frame.rows}>
      {frame.parts.map((part) => (
        <Part key={part.key} part={part} />
      ))}
      {frame.overlays.map((part) => (
        <Part key={part.key} part={part} />
      ))}
    </Box>
  );
}
