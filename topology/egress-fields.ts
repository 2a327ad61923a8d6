import { z } from "zod";
import { says } from "./fields";

const WORDS = says("a sentence of 10 to 140 characters", "say what the apps do there");

/** Why a flow of the user's own exists: the description of its rules, for which Azure has 140 characters. */
export const WHY = z.string(WORDS).regex(/^.{10,140}$/, WORDS);
