using System.Text.Json.Serialization;

namespace MnistMlNet.Tests.Loader;

/// <summary>Readers of the arrays in a JSON file, source-generated, so that they work in every form of publishing.</summary>
[JsonSerializable(typeof(float[][]))]
[JsonSerializable(typeof(double[][]))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class Numbers : JsonSerializerContext;
