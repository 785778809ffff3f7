using System.Runtime.CompilerServices;
using Microsoft.ML;
using MnistMlNet.Extensibility;

[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Data")]

// ML.NET reads this when it has loaded the assembly that a model's header names. The empty user name hides the entry from its lists.
[assembly: LoadableClass(
    typeof(NativeTransformer), typeof(NativeLoader), null, typeof(SignatureLoadModel), "", NativeLoader.LoaderSignature)]
