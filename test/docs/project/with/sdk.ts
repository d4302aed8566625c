/** The door `millrace`. */
export {
  defineFlow,
  defineRule,
  defineTask,
  Flow,
  flow,
  param,
  Rule,
  resource,
  rule,
  Secret,
  Task,
  task,
} from "millrace";
