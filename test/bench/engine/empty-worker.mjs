// A thread that loads nothing: the least that one can be.
export default () => 1;
