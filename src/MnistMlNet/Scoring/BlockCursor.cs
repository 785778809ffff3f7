using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Data;

namespace MnistMlNet.Scoring;

/// <summary>Passes the rows of a cursor on; where the consumer reads the scores of all rows, it reads a block of rows ahead.</summary>
/// <remarks>
/// <para>The network predicts dense rows of a block together, in less time than one by one and with the same bits. Blocks are used only if
/// nothing else changes for the consumer: it has read the scores of <see cref="RowsBeforeBlocks"/> rows in succession, and has got the
/// getters of all other columns before the first row, each of a type without references, whose values can be kept. If it stops reading
/// scores, rows are passed on one by one again.</para>
/// <para>An exception of a row that is read ahead is thrown when that row is reached.</para>
/// </remarks>
internal sealed class BlockCursor : DataViewRowCursor
{
    /// <summary>The number of rows in succession whose scores are read one by one before the first block.</summary>
    public const int RowsBeforeBlocks = 16;

    private readonly TwoLayerNetworkModelParametersBase _model;
    private readonly DataViewRowCursor _input;
    private readonly DataViewSchema.Column _features;
    private readonly int _capacity;
    private readonly Dictionary<int, BlockColumn> _columns = [];

    /// <summary>The active columns of the input that are passed on.</summary>
    private readonly HashSet<int> _passedOn;
    private ValueGetter<VBuffer<float>>? _getFeatures;
    private ValueGetter<DataViewRowId>? _getId;
    private bool _hasBegun;
    private bool _allowsBlocks;

    /// <summary>The scores read in succession; in a block, those of the block.</summary>
    private int _scoresRead;
    private bool _isScoreRead;
    private Block? _block;
    private bool _isInBlock;

    /// <summary>What follows the rows of the block: an exception, or the end.</summary>
    private ExceptionDispatchInfo? _fault;
    private bool _hasEnded;

    /// <param name="features">The feature column of <paramref name="input"/>.</param>
    /// <param name="passedOn">The other active columns of <paramref name="input"/>.</param>
    public BlockCursor(
        TwoLayerNetworkModelParametersBase model, DataViewRowCursor input, DataViewSchema.Column features, IEnumerable<int> passedOn)
    {
        _model = model;
        _input = input;
        _features = features;
        _passedOn = [.. passedOn];
        _capacity = model.Predictor.BlockRowCount;
    }

    public override DataViewSchema Schema => _input.Schema;

    public override long Position => _isInBlock ? _block!.Rows[_block.Index].Position : _input.Position;

    public override long Batch => _isInBlock ? _block!.Rows[_block.Index].Batch : _input.Batch;

    /// <summary>Gets the row whose columns aren't read ahead: the present row where <see cref="TryGetScores"/> gives no scores.</summary>
    public DataViewRow Input => _input;

    public override bool IsColumnActive(DataViewSchema.Column column) => _input.IsColumnActive(column);

    public override ValueGetter<DataViewRowId> GetIdGetter()
    {
        ValueGetter<DataViewRowId> getId = _input.GetIdGetter();
        return (ref DataViewRowId id) =>
        {
            if (_isInBlock)
            {
                id = _block!.Rows[_block.Index].Id;
            }
            else
            {
                getId(ref id);
            }
        };
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        ValueGetter<TValue> get = _input.GetGetter<TValue>(column);
        if (RuntimeHelpers.IsReferenceOrContainsReferences<TValue>())
        {
            return get;                                                            // no blocks: the column isn't among the kept ones
        }

        if (!_columns.TryGetValue(column.Index, out BlockColumn? kept))
        {
            _columns.Add(column.Index, kept = new BlockColumn<TValue>(get));
        }

        var block = (BlockColumn<TValue>)kept;
        return (ref TValue value) =>
        {
            if (_isInBlock)
            {
                value = block.Values[_block!.Index];
            }
            else
            {
                get(ref value);
            }
        };
    }

    public override bool MoveNext()
    {
        if (!_hasBegun)
        {
            _hasBegun = true;
            _allowsBlocks = _capacity > 1 && _passedOn.All(_columns.ContainsKey);
        }

        if (_isInBlock)
        {
            _scoresRead += _isScoreRead ? 1 : 0;
            _isScoreRead = false;
            if (++_block!.Index < _block.Count)
            {
                return true;
            }

            _isInBlock = false;
            ExceptionDispatchInfo? fault = _fault;
            _fault = null;
            fault?.Throw();
            bool goesOn = _allowsBlocks && 2 * _scoresRead >= _block.Count;
            _scoresRead = 0;
            return !_hasEnded && (goesOn ? ReadBlock() : _input.MoveNext());
        }

        _scoresRead = _isScoreRead ? _scoresRead + 1 : 0;
        _isScoreRead = false;
        return _allowsBlocks && _scoresRead >= RowsBeforeBlocks ? ReadBlock() : _input.MoveNext();
    }

    /// <summary>Gets the scores of the present row if it is one of a block.</summary>
    public bool TryGetScores(Span<float> scores)
    {
        _isScoreRead = true;
        if (!_isInBlock)
        {
            return false;
        }

        _block!.GetScores(scores);
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _input.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool ReadBlock()
    {
        _block ??= new Block(_model, _capacity);
        _getFeatures ??= _input.GetGetter<VBuffer<float>>(_features);
        _getId ??= _input.GetIdGetter();
        _block.Clear();
        _scoresRead = 0;
        try
        {
            while (_block.Count < _capacity && _allowsBlocks)
            {
                if (!_input.MoveNext())
                {
                    _hasEnded = true;
                    break;
                }

                foreach (BlockColumn column in _columns.Values)
                {
                    column.Read(_block.Count, _capacity);
                }

                DataViewRowId id = default;
                _getId(ref id);
                // Rows that are mostly zeros are as fast one by one.
                _allowsBlocks = _block.Add(new BlockRow(_input.Position, _input.Batch, id), _getFeatures, _features.Name);
            }
        }
        catch (Exception e) when (_block.Count > 0)
        {
            _fault = ExceptionDispatchInfo.Capture(e);
        }

        _isInBlock = _block.Count > 0;
        return _isInBlock;
    }

    /// <summary>The values of a column for the rows of a block.</summary>
    private abstract class BlockColumn
    {
        public abstract void Read(int index, int capacity);
    }

    private sealed class BlockColumn<T>(ValueGetter<T> get) : BlockColumn
    {
        public T[] Values { get; private set; } = [];

        public override void Read(int index, int capacity)
        {
            if (Values.Length == 0)
            {
                Values = new T[capacity];
            }

            get(ref Values[index]);
        }
    }

    private readonly record struct BlockRow(long Position, long Batch, DataViewRowId Id);

    /// <summary>Rows and their scores, which are computed when the first of them is read.</summary>
    private sealed class Block(TwoLayerNetworkModelParametersBase model, int capacity)
    {
        private readonly float[] _features = new float[capacity * model.InputCount];
        private readonly float[] _scores = new float[capacity * model.OutputCount];
        private VBuffer<float> _row;
        private int _dense;
        private bool _hasScores;

        public BlockRow[] Rows { get; } = new BlockRow[capacity];

        /// <summary>Gets the number of rows.</summary>
        public int Count { get; private set; }

        /// <summary>Gets or sets the present row.</summary>
        public int Index { get; set; }

        public void Clear()
        {
            (Count, Index, _dense, _hasScores) = (0, 0, 0, false);
        }

        /// <returns>Whether the row is dense; a sparse one must be the last of the block.</returns>
        public bool Add(BlockRow row, ValueGetter<VBuffer<float>> getFeatures, string column)
        {
            getFeatures(ref _row);
            FeatureRow.Check(_row, row.Position, column, model.InputCount);
            if (_row.IsDense)
            {
                _row.GetValues().CopyTo(_features.AsSpan(_dense++ * model.InputCount));
            }
            else
            {
                model.Predictor.PredictSparse(
                    _row.GetIndices(), _row.GetValues(), _scores.AsSpan(Count * model.OutputCount, model.OutputCount));
            }

            Rows[Count++] = row;
            return _row.IsDense;
        }

        public void GetScores(Span<float> scores)
        {
            if (!_hasScores)
            {
                _hasScores = true;
                model.Predictor.Predict(_features.AsSpan(0, _dense * model.InputCount), _scores.AsSpan(0, _dense * model.OutputCount));
            }

            _scores.AsSpan(Index * model.OutputCount, model.OutputCount).CopyTo(scores);
        }
    }
}
