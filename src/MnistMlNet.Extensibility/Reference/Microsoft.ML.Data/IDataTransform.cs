namespace Microsoft.ML.Data;

/// <summary>Internal in ML.NET: a data view made from another one.</summary>
public interface IDataTransform : IDataView, ICanSaveModel
{
    IDataView Source { get; }
}
