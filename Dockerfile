# Two images from one build:
#   docker build --target portal -t pneumothorax-lab .                       the portal, with `lab` beside it to train on the CPU
#   docker build --target worker -t pneumothorax-lab-worker .                `lab` alone, for hosts that train
# Add --build-arg TORCH=cuda for NVIDIA GPUs (needs the NVIDIA container toolkit on the host).
# Ubuntu 24.04 images: their libstdc++ has everything that TorchSharp's native file asks for.
ARG DOTNET=10.0-noble

FROM mcr.microsoft.com/dotnet/sdk:${DOTNET} AS build
ARG TORCH=cpu
WORKDIR /source
COPY . .
RUN dotnet publish src/Pneumothorax.Lab.Cli --configuration Release --runtime linux-x64 --self-contained false -p:Torch=${TORCH} --output /publish/lab
RUN dotnet publish src/Pneumothorax.Lab.Web --configuration Release --runtime linux-x64 --self-contained false -p:Torch=${TORCH} --output /publish/portal

FROM mcr.microsoft.com/dotnet/aspnet:${DOTNET} AS base
# libtorch computes on OpenMP threads; DICOM files are read by DCMTK.
RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 dcmtk && rm -rf /var/lib/apt/lists/*
ENV Lab__DataDirectory=/data
RUN mkdir /data && chown ${APP_UID} /data
VOLUME /data
USER ${APP_UID}

FROM base AS worker
COPY --from=build /publish/lab /app/lab
ENTRYPOINT ["/app/lab/lab"]

FROM base AS portal
COPY --from=build /publish/portal /app
COPY --from=build /publish/lab /app/lab
ENV ASPNETCORE_URLS=http://+:5080
EXPOSE 5080
WORKDIR /app
ENTRYPOINT ["/app/Pneumothorax.Lab.Web"]
