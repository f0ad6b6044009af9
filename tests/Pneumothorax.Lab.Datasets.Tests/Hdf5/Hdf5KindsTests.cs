using System.Security.Cryptography;
using Pneumothorax.Lab.Datasets.Hdf5;
using PureHDF;

namespace Pneumothorax.Lab.Datasets.Tests.Hdf5;

/// <summary>Ways to store the same arrays that HDF5 allows and few use: they read as h5py reads them, or the refusal names what it is.</summary>
public sealed class Hdf5KindsTests : IDisposable
{
    // Writes a file for each way and prints its name and what h5py reads: a hash of the pixels as bytes.
    private const string Writer =
        """
        import h5py, numpy as np, hashlib, os, sys, zlib
        folder = sys.argv[1]
        N = 6
        grey = (np.arange(N * 256 * 256) * 37 // 11 % 250 + 3).astype('u1').reshape(N, 256, 256, 1)
        label = np.arange(N) % 2

        def start(name, **how):
            f = h5py.File(os.path.join(folder, name + '.h5'), 'w', **how)
            f['label'] = label
            return f

        def typed(name, dtype, values=grey, **how):
            with start(name) as f: f.create_dataset('image', data=values.astype(dtype), **how)

        def bits(name, base, precision, offset, values, raw=None):
            # With a mask of plain bytes in the file, h5py shifts and cuts off when it reads.
            t = base.copy(); t.set_precision(precision); t.set_offset(offset)
            with start(name) as f:
                space = h5py.h5s.create_simple(values.shape)
                d = h5py.h5d.create(f.id, b'image', t, space)
                d.write(space, space, values, mtype=h5py.h5t.py_create(values.dtype))

        def masked(name, dtype, filters, masks, **how):
            # Chunks that were stored without some of their filters, as H5DOwrite_chunk leaves them.
            with start(name, **how) as f:
                d = f.create_dataset('image', shape=grey.shape, dtype=dtype, chunks=(1, 256, 256, 1), **filters)
                shuffles = filters.get('shuffle', False)
                for i in range(N):
                    mask = masks[i % len(masks)]
                    raw = np.frombuffer(grey[i].astype(dtype).tobytes(), 'u1')
                    if shuffles and not mask & 1: raw = raw.reshape(-1, np.dtype(dtype).itemsize).T.copy().ravel()
                    packed = raw.tobytes()
                    if not mask & (2 if shuffles else 1): packed = zlib.compress(packed, 1)
                    d.id.write_direct_chunk((i, 0, 0, 0), packed, filter_mask=mask)

        for size in (512, 1024, 4096):
            with start('block_%d' % size, userblock_size=size) as f: f['image'] = grey
        with start('block_1024_latest', userblock_size=1024, libver='latest') as f: f.create_dataset('image', data=grey, chunks=(2, 64, 256, 1), compression='gzip')
        masked('mask_gzip', 'u1', dict(compression='gzip'), [0, 1])
        masked('mask_gzip_latest', 'u1', dict(compression='gzip'), [0, 1], libver='latest')
        masked('mask_shuffle_gzip', 'u2', dict(compression='gzip', shuffle=True), [0, 1, 2, 3])
        typed('big_endian_u2', '>u2')
        typed('big_endian_f4', '>f4')
        typed('scale_offset', 'u2', chunks=(2, 256, 256, 1), scaleoffset=0)
        typed('shuffled_in_one', 'u2', chunks=(N, 256, 256, 1), compression='gzip', shuffle=True, fletcher32=True)
        typed('one_chunk', 'u1', chunks=(N, 256, 256, 1), compression='gzip')
        typed('beyond', 'u1', chunks=(4, 300, 100, 1), maxshape=(None, None, None, 1), compression='gzip')
        bits('u1_7_bits_from_1', h5py.h5t.STD_U8LE, 7, 1, grey >> 1)
        bits('u2_12_bits', h5py.h5t.STD_U16LE, 12, 0, grey.astype('u2'))
        bits('i2_10_bits_from_3_big_endian', h5py.h5t.STD_I16BE, 10, 3, grey.astype('i2'))
        with start('unwritten') as f:
            d = f.create_dataset('image', shape=grey.shape, dtype='u1', chunks=(2, 256, 256, 1), fillvalue=7)
            d[:3] = grey[:3]
        with start('never_written_tiles') as f:
            d = f.create_dataset('image', shape=grey.shape, dtype='u2', chunks=(2, 100, 256, 1), fillvalue=9, compression='gzip', shuffle=True)
            d[:1, :50] = grey[:1, :50]
        for name in sorted(os.listdir(folder)):
            with h5py.File(os.path.join(folder, name)) as f: print(name, hashlib.sha256(f['image'][:].astype('u1').tobytes()).hexdigest())

        # What is refused; nothing is printed.
        folder = sys.argv[2]
        with h5py.File(os.path.join(folder, 'elsewhere.h5'), 'w') as f: f['image'] = grey
        elsewhere = os.path.join(folder, 'elsewhere.h5')
        with start('external_link') as f: f['image'] = h5py.ExternalLink(elsewhere, '/image')
        with start('external_link_dense', libver='latest') as f:
            for i in range(40): f['other_%d' % i] = i
            f['image'] = h5py.ExternalLink(elsewhere, '/image')
        with start('external_link_by_soft_link') as f:
            f.create_group('g')['image'] = h5py.ExternalLink(elsewhere, '/image')
            f['image'] = h5py.SoftLink('/g/image')
        with start('dangling') as f: f['image'] = h5py.SoftLink('/nowhere')
        with start('loop') as f: f['image'] = h5py.SoftLink('/image')
        layout = h5py.VirtualLayout(shape=grey.shape, dtype='u1')
        for i in range(N): layout[i] = h5py.VirtualSource(elsewhere, 'image', shape=grey.shape)[i]
        with start('virtual', libver='latest') as f: f.create_virtual_dataset('image', layout)
        with start('external_storage') as f: f.create_dataset('image', shape=grey.shape, dtype='u1', external=[(os.path.join(folder, 'raw.bin'), 0, grey.nbytes)])[...] = grey
        t = h5py.h5t.IEEE_F32LE.copy(); t.set_fields(31, 23, 8, 0, 23); t.set_ebias(100)
        with start('odd_floats') as f: h5py.h5d.create(f.id, b'image', t, h5py.h5s.create_simple(grey.shape))
        plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE); plist.set_chunk((1, 256, 256, 1)); plist.set_filter(h5py.h5z.FILTER_NBIT)
        t = h5py.h5t.STD_U16LE.copy(); t.set_precision(12)
        with start('n_bit') as f: h5py.h5d.create(f.id, b'image', t, h5py.h5s.create_simple(grey.shape), plist)
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_EveryWayOfStoring_GivesWhatH5pyReads_OrIsRefusedByName()
    {
        Python.SkipWithout("h5py");
        var (fine, refused) = (Directory.CreateDirectory(_folder["fine"]).FullName, Directory.CreateDirectory(_folder["refused"]).FullName);

        var theirs = Python.Run(Writer, fine, refused).Split('\n');

        Assert.Equal(theirs, theirs.Select(line => line.Split(' ')[0]).Select(name => $"{name} {HashOf(Path.Combine(fine, name))}"));
        Dictionary<string, string> reasons = new()
        {
            ["external_link"] = $"is a link into {refused}/elsewhere.h5; write the array itself into this file",
            ["external_link_dense"] = $"is a link into {refused}/elsewhere.h5; write the array itself into this file",
            ["external_link_by_soft_link"] = "is a link to \"/g/image\", which is not in this file",
            ["dangling"] = "is a link to \"/nowhere\", which is not in this file",
            ["loop"] = "is a soft link that leads back to itself",
            ["virtual"] = "is a virtual array, whose numbers are in other arrays or files; write the numbers into this one",
            ["external_storage"] = "stores its numbers in a separate file (external storage); write the numbers into this one",
            ["odd_floats"] = "contains floating-point numbers of 4 bytes that are not IEEE 754, which cannot be read here; write them as float32",
            ["n_bit"] = "is compressed with the N-bit filter, which cannot be read here; write it with gzip or uncompressed",
        };
        Assert.Equal(
            reasons.Select(reason => $"{refused}/{reason.Key}.h5: \"image\" {reason.Value}."),
            reasons.Keys.Select(name => Assert.Throws<InvalidDataException>(() => HashOf($"{refused}/{name}.h5")).Message));
    }

    [Theory]
    [InlineData(512)]
    [InlineData(1024)]
    [InlineData(2048)]
    [InlineData(65536)]
    public void Read_BehindABlockOfTheUsersOwn_GivesTheSame(int block)
    {
        var plain = SampleFile.Write(_folder["plain.h5"], images: 3, chunks: [1, 256, 256, 1]);
        File.WriteAllBytes(_folder["behind.h5"], [.. new byte[block], .. File.ReadAllBytes(plain)]);

        Assert.Equal(HashOf(plain), HashOf(_folder["behind.h5"]));
    }

    [Theory]
    [InlineData("/image", "is a soft link that leads back to itself")]
    [InlineData("/label/image", "is a link to")]
    [InlineData("/nowhere", "is a link to \"/nowhere\", which is not in this file")]
    public void Open_SoftLinkToNothing_IsRefusedInOneLine(string target, string reason)
    {
        var path = _folder["link.h5"];
        new H5File { ["image"] = new H5SoftLink(target), ["label"] = new H5Dataset(new byte[] { 0, 1 }) }.Write(path);

        var refusal = Assert.Throws<InvalidDataException>(() => Hdf5Images.Open(path));

        Assert.StartsWith($"{path}: \"image\" {reason}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AllImagesInOneChunk_TakesLittleMemory()
    {
        const int images = 500;
        var image = SampleFile.Image(1);
        var path = SampleFile.Write(_folder["one.h5"], images, chunks: [images, 256, 256, 1], image: _ => image);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var hash = HashOf(path);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, images * 65536 / 2);
        using var expected = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var i = 0; i < images; i++) expected.AppendData(image);
        Assert.Equal(Convert.ToHexStringLower(expected.GetHashAndReset()), hash);
    }

    private static string HashOf(string path)
    {
        using var images = Hdf5Images.Open(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        images.Read((_, grey) => hash.AppendData(grey), null, TestContext.Current.CancellationToken);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
