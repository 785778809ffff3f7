namespace Microsoft.ML.Data;

/// <summary>Internal in ML.NET: computes a score.</summary>
public delegate void ValueMapper<TSrc, TDst>(in TSrc src, ref TDst dst);

/// <summary>Internal in ML.NET: computes a score and a probability.</summary>
public delegate void ValueMapper<TVal1, TVal2, TVal3>(in TVal1 val1, ref TVal2 val2, ref TVal3 val3);

/// <summary>Internal in ML.NET: a model that scores one row.</summary>
public interface IValueMapper
{
    DataViewType InputType { get; }

    DataViewType OutputType { get; }

    ValueMapper<TSrc, TDst> GetMapper<TSrc, TDst>();
}

/// <summary>Internal in ML.NET: a model that gives one row a score and a probability.</summary>
public interface IValueMapperDist : IValueMapper
{
    DataViewType DistType { get; }

    ValueMapper<TSrc, TDst, TDist> GetMapper<TSrc, TDst, TDist>();
}
