using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace DigitPad.Api;

/// <summary>The form of many images in JSON, for the description.</summary>
internal sealed class BatchRequest
{
    [Description("1 to 256 images.")]
    [Required]
    [MinLength(1)]
    [MaxLength(JsonImages.MaxBatch)]
    public PredictRequest[] Images { get; init; } = [];
}
