import { type App, TerraformElement, TerraformResource, TerraformStack } from "cdktf";

/** The resource at a path of the construct tree, to put a mistake into. */
export function at(app: App, path: string): TerraformResource {
  const found = app.node.findAll().find((construct) => construct.node.path === path);
  if (!found || !TerraformElement.isTerraformElement(found) || !TerraformResource.isTerraformResource(found)) {
    const paths = app.node.findAll().map((construct) => construct.node.path);
    throw new Error(`There is no resource at ${path}. There are:\n${paths.join("\n")}`);
  }
  return found;
}

export function stackAt(app: App, name: string): TerraformStack {
  const stack = app.node.findChild(name);
  if (!TerraformStack.isStack(stack)) throw new Error(`${name} is no stack.`);
  return stack;
}

/** Takes a resource out of the tree. */
export function remove(resource: TerraformResource): void {
  resource.node.scope?.node.tryRemoveChild(resource.node.id);
}
