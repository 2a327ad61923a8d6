import { registerConsumer } from "../../functions/consumer/register";

/** The shipped consumer without the user's business logic: tests of the host and the flow hold for every process.ts. */
registerConsumer(process.env, () => Promise.resolve());
