import { testClient } from "./doing-all";
import { testRecipe } from "./recipes";

testClient("go");
testRecipe("go");
