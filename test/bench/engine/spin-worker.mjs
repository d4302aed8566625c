// What the task Spin computes, in a bare thread.
export default function spin({ x, rounds }) {
  let state = x + 1;
  for (let i = 0; i < rounds; i++) state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state;
}
