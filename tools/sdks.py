"""Makes the plug-in's SDKs for other languages in build/sdks, and compiles them and the examples that use them.

`pulumi package gen-sdk` makes the SDKs, with the language hosts beside the Pulumi CLI. Where a host is missing, the Go
module in tools/sdk-generator runs the generator that the host would call.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from tools.trial import ROOT, run

SDKS = ROOT / "build" / "sdks"
GENERATOR = ROOT / "tools" / "sdk-generator"
SCHEMA = ROOT / "docs" / "schema.json"
BIN = Path(sys.executable).parent
PLUGIN = BIN / "pulumi-resource-virtfusion"
ENVIRONMENT = {
    **os.environ,
    "PATH": os.pathsep.join([str(BIN), str(ROOT / ".tools" / "bin"), os.environ["PATH"]]),
    "PULUMI_HOME": str(SDKS / ".pulumi"),
    "PULUMI_SKIP_UPDATE_CHECK": "true",
    "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    "GOFLAGS": "-buildvcs=false -trimpath",
    "GOWORK": "off",
}


def main() -> None:
    shutil.rmtree(SDKS, ignore_errors=True)
    for language in ("nodejs", "go", "python"):
        generate(language)
    compile_python()
    compile_go(with_sdk("go"))
    compile_typescript(with_sdk("typescript", "nodejs"))
    print(f"Made and compiled, in {SDKS}: the SDKs for TypeScript, Go and Python, and the examples for them.")


def generate(language: str) -> None:
    if has_current_host(language):
        options = ("--language", language, "--local", "--out", str(SDKS))
        run("pulumi", "package", "gen-sdk", str(PLUGIN), *options, env=ENVIRONMENT)
    else:
        print(f"No pulumi-language-{language} that makes SDKs beside the CLI: its generator runs without it.")
        run("go", "run", ".", language, str(SCHEMA), str(SDKS / language), cwd=GENERATOR, env=ENVIRONMENT)


def has_current_host(language: str) -> bool:
    """Return whether there is a host that makes SDKs, unlike the old Python host that tools/install-pulumi builds."""
    found = shutil.which(f"pulumi-language-{language}", path=ENVIRONMENT["PATH"])
    return found is not None and (language != "python" or Path(found).parent != ROOT / ".tools" / "bin")


def with_sdk(example: str, language: str = "") -> Path:
    """Copy an example, with its SDK where the example expects it, and return the copy's folder."""
    project = SDKS / f"{example}-example"
    shutil.copytree(ROOT / "examples" / example, project, ignore=shutil.ignore_patterns("sdks", "node_modules"))
    shutil.copytree(SDKS / (language or example), project / "sdks" / (language or example))
    return project


def compile_python() -> None:
    """Compile the Python SDK, install it with its requirements, and import it."""
    installed = SDKS / "python-installed"
    run(sys.executable, "-m", "compileall", "-q", str(SDKS / "python"))
    pip = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(sys.executable, *pip, "--target", str(installed), str(SDKS / "python"))
    program = "import pulumi_virtfusion_native as virtfusion; print(virtfusion.Server, virtfusion.get_package)"
    run(sys.executable, "-c", program, cwd=installed)


def compile_go(project: Path) -> None:
    for folder, check in ((project, "vet"), (SDKS / "go", "build")):
        run("go", "mod", "tidy", cwd=folder, env=ENVIRONMENT)
        run("go", check, "./...", cwd=folder, env=ENVIRONMENT)


def compile_typescript(project: Path) -> None:
    run("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", cwd=project, env=ENVIRONMENT)
    tsc = str(project / "node_modules" / ".bin" / "tsc")
    run(tsc, "--project", "sdks/nodejs", cwd=project, env=ENVIRONMENT)
    run(tsc, "--noEmit", cwd=project, env=ENVIRONMENT)


if __name__ == "__main__":
    main()
