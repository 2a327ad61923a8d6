import { testClient } from "./doing-all";
import { testRecipe } from "./recipes";

testClient("java");
testRecipe("java");
