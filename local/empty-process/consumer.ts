import { registerConsumer } from "../../functions/consumer/register";

/** The shipped consumer with a process() that does nothing: what drills and tests say of the flow holds for every process.ts. */
registerConsumer(process.env, () => Promise.resolve());
