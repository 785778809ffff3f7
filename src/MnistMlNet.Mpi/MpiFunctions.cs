using System.Runtime.InteropServices;

namespace MnistMlNet.Mpi;

/// <summary>The functions of MPI that this package calls, with the handles of the library's ABI.</summary>
/// <remarks>A handle or a request is an <c>int</c> in MPICH and a pointer elsewhere. Both are passed as <see cref="nint"/>: an argument of
/// either kind takes a register of its own, of which MPICH reads the lower 32 bits. Arrays of requests would differ, and aren't
/// used.</remarks>
internal sealed unsafe class MpiFunctions
{
    /// <summary>MPI_THREAD_SERIALIZED, the same number in each ABI: any thread may call, one at a time.</summary>
    private const int Serialized = 2;

    private readonly delegate* unmanaged[Cdecl]<int*, byte***, int, int*, int> _initThread;
    private readonly delegate* unmanaged[Cdecl]<int> _finalize;
    private readonly delegate* unmanaged[Cdecl]<int*, int> _initialized;
    private readonly delegate* unmanaged[Cdecl]<nint, int*, int> _rank, _size;
    private readonly delegate* unmanaged[Cdecl]<nint, int, int> _abort;
    private readonly delegate* unmanaged[Cdecl]<nint, nint, int> _setErrorHandler;
    private readonly delegate* unmanaged[Cdecl]<int, byte*, int*, int> _errorString;
    private readonly delegate* unmanaged[Cdecl]<byte*, int*, int> _libraryVersion;
    private readonly delegate* unmanaged[Cdecl]<nint, int> _barrier;
    private readonly delegate* unmanaged[Cdecl]<void*, int, nint, int, nint, int> _broadcast;
    private readonly delegate* unmanaged[Cdecl]<void*, int, nint, void*, int, nint, nint, int> _allGather;
    private readonly delegate* unmanaged[Cdecl]<void*, int, nint, int, int, nint, nint*, int> _startSend, _startReceive;
    private readonly delegate* unmanaged[Cdecl]<nint*, nint, int> _wait;
    private readonly nint _world, _byte, _float, _inPlace, _statusIgnore, _errorsReturn;

    public MpiFunctions()
    {
        (nint library, LibraryName, MpiAbi abi) = MpiLibrary.Load();
        nint Get(string name) => NativeLibrary.GetExport(library, name);
        _initThread = (delegate* unmanaged[Cdecl]<int*, byte***, int, int*, int>)Get("MPI_Init_thread");
        _finalize = (delegate* unmanaged[Cdecl]<int>)Get("MPI_Finalize");
        _initialized = (delegate* unmanaged[Cdecl]<int*, int>)Get("MPI_Initialized");
        _rank = (delegate* unmanaged[Cdecl]<nint, int*, int>)Get("MPI_Comm_rank");
        _size = (delegate* unmanaged[Cdecl]<nint, int*, int>)Get("MPI_Comm_size");
        _abort = (delegate* unmanaged[Cdecl]<nint, int, int>)Get("MPI_Abort");
        _setErrorHandler = (delegate* unmanaged[Cdecl]<nint, nint, int>)Get("MPI_Comm_set_errhandler");
        _errorString = (delegate* unmanaged[Cdecl]<int, byte*, int*, int>)Get("MPI_Error_string");
        _libraryVersion = (delegate* unmanaged[Cdecl]<byte*, int*, int>)Get("MPI_Get_library_version");
        _barrier = (delegate* unmanaged[Cdecl]<nint, int>)Get("MPI_Barrier");
        _broadcast = (delegate* unmanaged[Cdecl]<void*, int, nint, int, nint, int>)Get("MPI_Bcast");
        _allGather = (delegate* unmanaged[Cdecl]<void*, int, nint, void*, int, nint, nint, int>)Get("MPI_Allgather");
        _startSend = (delegate* unmanaged[Cdecl]<void*, int, nint, int, int, nint, nint*, int>)Get("MPI_Isend");
        _startReceive = (delegate* unmanaged[Cdecl]<void*, int, nint, int, int, nint, nint*, int>)Get("MPI_Irecv");
        _wait = (delegate* unmanaged[Cdecl]<nint*, nint, int>)Get("MPI_Wait");

        // MPI_COMM_WORLD, MPI_BYTE, MPI_FLOAT, MPI_ERRORS_RETURN, MPI_IN_PLACE, MPI_STATUS_IGNORE, from each ABI's mpi.h.
        nint[] values = abi switch
        {
            MpiAbi.OpenMpi =>
                [Get("ompi_mpi_comm_world"), Get("ompi_mpi_byte"), Get("ompi_mpi_float"), Get("ompi_mpi_errors_return"), 1, 0],
            MpiAbi.Mpich => [0x44000000, 0x4c00010d, 0x4c00040a, 0x54000001, -1, 1],
            _ => [0x101, 0x247, 0x210, 0x142, 1, 0],
        };
        (_world, _byte, _float, _errorsReturn, _inPlace, _statusIgnore) =
            (values[0], values[1], values[2], values[3], values[4], values[5]);
    }

    /// <summary>Gets the name by which the library was loaded.</summary>
    public string LibraryName { get; }

    /// <summary>Gets the library's description of itself, its first line. Allowed before <see cref="Initialize"/>.</summary>
    public string LibraryVersion
    {
        get
        {
            byte* text = stackalloc byte[8192];                             // MPI_MAX_LIBRARY_VERSION_STRING, at most
            int length = 0;
            Check(_libraryVersion(text, &length), "MPI_Get_library_version");
            return Marshal.PtrToStringUTF8((nint)text, length).Split('\n', '\r', '\0')[0].Replace('\t', ' ').Trim();
        }
    }

    public (int Rank, int Size) Initialize()
    {
        int flag = 0, provided = 0, rank = 0, size = 0;
        Check(_initialized(&flag), "MPI_Initialized");
        if (flag != 0)
        {
            throw new InvalidOperationException("MPI was initialized before in this process, which is possible once only. Call "
                + "MpiCollective.Run or Initialize once, and keep the object that it gives.");
        }

        Check(_initThread(null, null, Serialized, &provided), "MPI_Init_thread");
        if (provided < Serialized)
        {
            throw new NotSupportedException($"{LibraryName} ({LibraryVersion}) gives thread level {provided}; "
                + $"{Serialized} (MPI_THREAD_SERIALIZED) or more is necessary. Install an MPI library that was built with "
                + $"support of threads.");
        }

        Check(_setErrorHandler(_world, _errorsReturn), "MPI_Comm_set_errhandler");
        Check(_rank(_world, &rank), "MPI_Comm_rank");
        Check(_size(_world, &size), "MPI_Comm_size");
        return (rank, size);
    }

    public void Complete() => Check(_finalize(), "MPI_Finalize");

    /// <summary>Asks the launcher to end all ranks; doesn't return if that succeeds.</summary>
    public void Abort(int exitCode) => _ = _abort(_world, exitCode);

    public void Barrier() => Check(_barrier(_world), "MPI_Barrier");

    public void Broadcast(Span<byte> data, int root)
    {
        fixed (byte* p = data)
        {
            Check(_broadcast(p, data.Length, _byte, root, _world), "MPI_Bcast");
        }
    }

    public void Broadcast(float* data, int count, int root) => Check(_broadcast(data, count, _float, root, _world), "MPI_Bcast");

    public void AllGather(ReadOnlySpan<byte> data, Span<byte> all)
    {
        fixed (byte* p = data, q = all)
        {
            Check(_allGather(p, data.Length, _byte, q, data.Length, _byte, _world), "MPI_Allgather");
        }
    }

    /// <summary>The same where each rank has written its data to its place in <paramref name="all"/>.</summary>
    public void AllGatherInPlace(float* all, int countOfEach) =>
        Check(_allGather((void*)_inPlace, 0, _float, all, countOfEach, _float, _world), "MPI_Allgather");

    /// <summary>Starts to send; the data must stay in place until <see cref="Wait"/>.</summary>
    public void StartSend(float* data, int count, int to, int tag, nint* request) =>
        Check(_startSend(data, count, _float, to, tag, _world, request), "MPI_Isend");

    /// <summary>Starts to receive; the data is there after <see cref="Wait"/>.</summary>
    public void StartReceive(float* data, int count, int from, int tag, nint* request) =>
        Check(_startReceive(data, count, _float, from, tag, _world, request), "MPI_Irecv");

    public void Wait(nint* request) => Check(_wait(request, _statusIgnore), "MPI_Wait");

    private void Check(int code, string function)
    {
        if (code != 0)
        {
            throw new InvalidOperationException($"{function} of {LibraryName} failed: {Describe(code)}");
        }
    }

    private string Describe(int code)
    {
        byte* text = stackalloc byte[1024];                                 // MPI_MAX_ERROR_STRING is at most 512
        int length = 0;
        return _errorString(code, text, &length) == 0 ? Marshal.PtrToStringUTF8((nint)text, length) : $"error {code}";
    }
}
