using System.Text.Json;
using System.Text.Json.Serialization;
using DigitPad.Model;

namespace DigitPad.Api;

/// <summary>JSON serializers for the answers, generated at compile time.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PredictRequest))]
[JsonSerializable(typeof(BatchRequest))]
[JsonSerializable(typeof(PredictResponse))]
[JsonSerializable(typeof(BatchResponse))]
[JsonSerializable(typeof(ModelResponse))]
[JsonSerializable(typeof(TrainingState))]
internal sealed partial class PadJson : JsonSerializerContext;
