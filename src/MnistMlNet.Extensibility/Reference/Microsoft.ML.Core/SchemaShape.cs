using System.Collections;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Public in ML.NET; the constructor of <see cref="Column"/> is internal.</summary>
public sealed class SchemaShape : IReadOnlyList<SchemaShape.Column>
{
    private SchemaShape() => throw null!;

    public int Count => throw null!;

    public Column this[int index] => throw null!;

    public IEnumerator<Column> GetEnumerator() => throw null!;

    IEnumerator IEnumerable.GetEnumerator() => throw null!;

    public struct Column
    {
        public Column(string name, VectorKind vecKind, DataViewType itemType, bool isKey, SchemaShape? annotations = null)
            => throw null!;

        public enum VectorKind
        {
            Scalar,
            Vector,
            VariableVector,
        }
    }
}
