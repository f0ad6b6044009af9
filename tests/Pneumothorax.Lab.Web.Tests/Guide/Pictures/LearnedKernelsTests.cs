using System.Text;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Web.Guide.Pictures;

namespace Pneumothorax.Lab.Web.Tests.Guide.Pictures;

public sealed class LearnedKernelsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lab-kernels-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void FirstLayer_OfACheckpoint_IsReadKernelByKernel()
    {
        Write(20, """{"blocks.0.first.weight":{"dtype":"F32","shape":[2,1,3,3],"data_offsets":[0,72]},"blocks.0.first.bias":{"dtype":"F32","shape":[2],"data_offsets":[72,80]}}""", 20);

        var kernels = LearnedKernels.Of(new RunFolder(_folder.FullName), 20);

        Assert.Equal([9f, 10, 11, 12, 13, 14, 15, 16, 17], kernels[1].Weights);
        Assert.Equal((2, 3, 19f, true), (kernels.Count, kernels[1].Size, kernels[1].Bias, kernels[1].Standardised));
    }

    [Theory]
    [InlineData("""{"blocks.0.first.weight":{"dtype":"F32","shape":[2,1,3,3],"data_offsets":[0,7200]},"blocks.0.first.bias":{"dtype":"F32","shape":[2],"data_offsets":[72,80]}}""")]     // beyond the end
    [InlineData("""{"blocks.0.first.weight":{"dtype":"F32","shape":[1,2,3,3],"data_offsets":[0,72]},"blocks.0.first.bias":{"dtype":"F32","shape":[1],"data_offsets":[72,76]}}""")]       // not the first layer
    [InlineData("""{"stem.first.weight":{"dtype":"F32","shape":[2,1,3,3],"data_offsets":[0,72]}}""")]
    [InlineData("not json")]
    public void FileThatDoesNotFit_GivesNone(string header)
    {
        Write(20, header, 20);

        Assert.Empty(LearnedKernels.Of(new RunFolder(_folder.FullName), 20));
    }

    [Fact]
    public void RunWithoutCheckpoints_GivesNone() => Assert.Empty(LearnedKernels.Of(new RunFolder(_folder.FullName), 20));

    /// <summary>A safetensors file with the values 0, 1, 2, ...</summary>
    private void Write(int step, string header, int values)
    {
        var path = Path.Combine(new RunFolder(_folder.FullName).CheckpointPath(step), "weights.safetensors");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var file = new BinaryWriter(File.Create(path));
        var bytes = Encoding.UTF8.GetBytes(header);
        file.Write((long)bytes.Length);
        file.Write(bytes);
        for (var i = 0; i < values; i++) file.Write((float)i);
    }
}
