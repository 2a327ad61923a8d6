import { testClient } from "./doing-all";
import { testRecipe } from "./recipes";

testClient("node");
testRecipe("node");
