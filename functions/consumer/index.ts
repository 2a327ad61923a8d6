import { process as businessLogic } from "./process";
import { registerConsumer } from "./register";

registerConsumer(process.env, businessLogic);
