import { testClient } from "./doing-all";
import { testRecipe } from "./recipes";

testClient("python");
testRecipe("python");
