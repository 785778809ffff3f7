using Microsoft.ML.Data;

namespace Microsoft.ML.Model.OnnxConverter;

/// <summary>Internal in ML.NET: a part of a chain that <c>ConvertToOnnx</c> may ask for its nodes.</summary>
public interface ICanSaveOnnx
{
    bool CanSaveOnnx(OnnxContext ctx);
}

/// <summary>Internal in ML.NET.</summary>
public interface ISaveAsOnnx : ICanSaveOnnx
{
    void SaveAsOnnx(OnnxContext ctx);
}

/// <summary>Internal in ML.NET: a transformed data view; <c>ConvertToOnnx</c> walks from the last one back to the first.</summary>
public interface ITransformCanSaveOnnx : ISaveAsOnnx, IDataTransform;

/// <summary>Internal in ML.NET: a model that adds its nodes for ML.NET's own scorer.</summary>
public interface ISingleCanSaveOnnx : ICanSaveOnnx
{
    bool SaveAsOnnx(OnnxContext ctx, string[] outputNames, string featureColumn);
}
