namespace Microsoft.ML.Data;

/// <summary>Public in ML.NET; here only a name.</summary>
public interface IRowToRowMapper;
