namespace Microsoft.ML;

/// <summary>Public in ML.NET.</summary>
public interface ICanSaveModel
{
    void Save(ModelSaveContext ctx);
}
