// Cutting a long text so that only what changed is sent again, and joining the answers.

/** Up to this length a text is sent whole: its words explain one another. */
const WHOLE = 1000;

/** The lines of a long text, and the sentences of a long line. Together they are the text. */
export function piecesOf(text) {
  if (text.length <= WHOLE) return [text];
  return (text.match(/[^\n]*\n|[^\n]+$/g) ?? [text]).flatMap((line) =>
    line.length <= WHOLE ? [line] : (line.match(/[\s\S]+?(?:[.!?…]+\s+|$)/g) ?? [line]),
  );
}

const RANK = { clear: 0, report: 0, warn: 1, block: 2 };

/** Findings with what stands for each in the redacted text: overlapping ones share a place there. */
function placed({ findings, redacted }) {
  let [at, from, until, words] = [0, 0, -1, ''];
  return findings.map((finding) => {
    if (finding.start >= until) {
      at += finding.start - from;
      const end = redacted.indexOf(']', at) + 1;
      words = redacted.slice(at, end);
      let group = finding.end;
      for (const other of findings) if (other.start >= finding.start && other.start < group) group = Math.max(group, other.end);
      [at, from, until] = [end, group, group];
    }
    return { ...finding, placeholder: words };
  });
}

/** One answer from those of the pieces; `undefined` stands for a blank piece. */
export function joined(pieces, answers) {
  const whole = { verdict: 'clear', findings: [], redacted: '', took_us: 0, engine: undefined };
  let at = 0;
  pieces.forEach((piece, i) => {
    const answer = answers[i];
    if (answer) {
      if (RANK[answer.verdict] > RANK[whole.verdict]) whole.verdict = answer.verdict;
      for (const f of placed(answer)) whole.findings.push({ ...f, start: f.start + at, end: f.end + at });
      whole.took_us += answer.took_us;
      whole.engine = answer.engine;
    }
    whole.redacted += answer ? answer.redacted : piece;
    at += piece.length;
  });
  return whole;
}

/** Findings of `before` where they are in `after`; those whose words were changed are left out. */
export function moved(findings, before, after) {
  if (before === after) return findings;
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < shorter - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  const by = after.length - before.length;
  return findings.flatMap((f) => {
    if (f.end <= head) return [f];
    if (f.start >= before.length - tail) return [{ ...f, start: f.start + by, end: f.end + by }];
    return [];
  });
}
