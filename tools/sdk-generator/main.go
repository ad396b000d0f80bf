// Writes the package that a language host would make of a schema, where that host is not to be had:
//
//	go run . nodejs|python|go SCHEMA FOLDER
//
// The hosts call these generators for `pulumi package gen-sdk`; they are part of the CLI's module.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	golang "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

func main() {
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(language, from, folder string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	var spec schema.PackageSpec
	if err := json.Unmarshal(text, &spec); err != nil {
		return fmt.Errorf("reading the schema: %w", err)
	}
	bound, problems, err := schema.BindSpec(spec, schema.NewPluginLoader(nil), schema.ValidationOptions{})
	if err != nil {
		return fmt.Errorf("binding the schema: %w", err)
	}
	if problems.HasErrors() {
		return problems
	}
	files, err := generated(language, bound)
	if err != nil {
		return fmt.Errorf("generating for %s: %w", language, err)
	}
	for name, content := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func generated(language string, of *schema.Package) (map[string][]byte, error) {
	switch language {
	case "nodejs":
		return nodejs.GeneratePackage("pulumi-language-nodejs", of, nil, nil, true, nil)
	case "python":
		return python.GeneratePackage("pulumi-language-python", of, nil, nil)
	case "go":
		return golang.GeneratePackage("pulumi-language-go", of, nil)
	}
	return nil, fmt.Errorf("unknown language %q", language)
}
