#!/usr/bin/env bash
# A saved model loads in any process that only references the package, however it was published: ML.NET finds the trainer without further code.
# The process is MnistMlNet.Tests.Loader, which only uses ML.NET, built in a separate project that takes the package from a folder.
#
#   tests/loading.sh FORM [WORK]
#
#   FORM  reference       the project references the package
#         transitive      it references a library that references the package; checked again without its .deps.json, with only the dll in its folder
#         threads         32 threads of a new process load at the same time
#         single-file     published as one file, for the shared runtime
#         ready-to-run    published with ahead-of-time compiled native code
#         self-contained  published as one file with the runtime in it
#   WORK  an existing folder that keeps the package between calls; without it a temporary folder is used
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
form=${1:-}
if [ -n "${2:-}" ]; then
  work=$(cd "$2" && pwd)
else
  work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
fi
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
quiet=(-c Release --nologo -v quiet -nodeReuse:false -p:UseSharedCompilation=false)
kept=("$root"/tests/MnistMlNet.Tests/Data/model-format-*.zip)

if [ ! -d "$work/source" ]; then
  dotnet pack "$root/src/MnistMlNet" --artifacts-path "$work/build" -o "$work/source" "${quiet[@]}"
fi
package=$(basename "$work"/source/*.nupkg .nupkg)

project() { # folder, output type, items…: a project that uses only the package of this repository
  local folder=$work/$form-$1 type=$2; shift 2
  mkdir -p "$folder"
  cat >"$folder/$(basename "$folder").csproj" <<END
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>$type</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <Nullable>enable</Nullable>
    <InvariantGlobalization>true</InvariantGlobalization>
    <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
    <RestoreAdditionalProjectSources>$work/source</RestoreAdditionalProjectSources>
    <RestorePackagesPath>$work/packages</RestorePackagesPath>
    <RestoreFallbackFolders>$fallback</RestoreFallbackFolders>
  </PropertyGroup>
  <ItemGroup>
    $*
  </ItemGroup>
</Project>
END
  echo "$folder"
}
# ML.NET's packages are read from the usual folder; ours is unpacked to a folder that no other project reads.
fallback=${NUGET_PACKAGES:-$HOME/.nuget/packages}
[ -d "$fallback" ] || fallback=
[ ! -e "$fallback/mnistmlnet" ] || fallback=  # a package of ours that someone installed there would be tested instead
loader="<Compile Include=\"$root/tests/MnistMlNet.Tests.Loader/*.cs\" />"
ours="<PackageReference Include=\"MnistMlNet\" Version=\"${package#MnistMlNet.}\" />"

check() { # count, command…: every saved model, loaded count times concurrently
  local count=$1 zip; shift
  for zip in "${kept[@]}"; do
    "$@" check "$zip" "${zip%.zip}.json" "$count"
  done
}
publish() { # properties…: publishes the project that references the package; the program is then $out/$form-app
  local app; app=$(project app Exe "$loader" "$ours")
  out=$app/out
  dotnet publish "$app" -o "$out" --use-current-runtime "${quiet[@]}" "$@"
}
native() { # folder: a program that was built for any system has the native code that the package brings for Linux x64
  [ "$(uname -sm)" = "Linux x86_64" ] || return 0
  local code=$1/runtimes/linux-x64/lib/net10.0/MnistMlNet.dll
  [ "$(stat -c %s "$code")" -gt "$(stat -c %s "$1/MnistMlNet.dll")" ] || { echo "$code has no native code." >&2; return 1; }
}
absent() { [ ! -e "$1" ] || { echo "$1 exists, so this test would check nothing." >&2; return 1; }; }

case $form in
  reference | threads)
    app=$(project app Exe "$loader" "$ours")
    dotnet build "$app" -o "$app/out" "${quiet[@]}"
    native "$app/out"
    if [ "$form" = reference ]; then check 1 dotnet "$app/out/$form-app.dll"; else check 32 dotnet "$app/out/$form-app.dll"; fi
    ;;
  transitive)
    library=$(project library Library "$ours")
    app=$(project app Exe "$loader" "<ProjectReference Include=\"$library/$form-library.csproj\" />")
    dotnet build "$app" -o "$app/out" "${quiet[@]}"
    check 1 dotnet "$app/out/$form-app.dll"
    rm "$app/out/$form-app.deps.json"
    check 1 dotnet "$app/out/$form-app.dll"
    ;;
  single-file)
    publish --self-contained false -p:PublishSingleFile=true
    absent "$out/MnistMlNet.dll"
    check 1 "$out/$form-app"
    ;;
  ready-to-run)
    publish --self-contained false -p:PublishReadyToRun=true
    # The file must be larger than the package's IL, because it contains native code: the package's or, elsewhere, that of this publishing.
    [ "$(stat -c %s "$out/MnistMlNet.dll")" -gt "$(stat -c %s "$work/packages/mnistmlnet/${package#MnistMlNet.}/lib/net10.0/MnistMlNet.dll")" ]
    check 1 dotnet "$out/$form-app.dll"
    ;;
  self-contained)
    publish --self-contained true -p:PublishSingleFile=true
    absent "$out/MnistMlNet.dll"
    # With an empty environment, so that no installed runtime can be found.
    check 1 env -i "$out/$form-app"
    ;;
  *)
    sed -n '2,/^set/p' "$0" | sed '$d; s/^# \?//'
    exit 2
    ;;
esac
