using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace DigitPad.Api;

/// <summary>The JSON form of a request with many images, for the OpenAPI description.</summary>
internal sealed class BatchRequest
{
    [Description("1 to 256 images.")]
    [Required]
    [MinLength(1)]
    [MaxLength(JsonImages.MaxBatch)]
    public PredictRequest[] Images { get; init; } = [];
}
