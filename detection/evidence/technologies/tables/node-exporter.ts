import { technology } from '../technology.ts';

/** Prometheus node_exporter: the host that it runs on. */
export const nodeExporter = technology(
  'node_exporter',
  `
@host(instance,nodename)
node_cpu_seconds_total c seconds time-spent CPU role=host-cpu/used
node_cpu_guest_seconds_total c seconds time-spent CPU of guests role=other/statistic
node_cpu_core_throttles_total,node_cpu_package_throttles_total c throttles errors thermal throttling of the CPU role=host-cpu/statistic
node_cpu_{frequency_hertz,scaling_frequency_hertz,frequency_max_hertz,frequency_min_hertz,scaling_frequency_max_hertz,scaling_frequency_min_hertz} g hertz reading CPU frequency
node_load{1,5,15} g tasks waiting load average role=host-cpu/statistic
node_pressure_cpu_waiting_seconds_total c seconds time-spent tasks that waited for a CPU role=host-cpu/pending
node_pressure_memory_{waiting,stalled}_seconds_total c seconds time-spent tasks that waited for memory role=host-cpu/pending
node_pressure_io_{waiting,stalled}_seconds_total c seconds time-spent tasks that waited for I/O role=host-cpu/pending
node_memory_MemTotal_bytes g bytes limit memory role=memory/max
node_memory_MemAvailable_bytes g bytes left memory //node_memory_MemTotal_bytes role=memory/free
node_memory_MemFree_bytes g bytes left memory that nothing uses, caches included //node_memory_MemTotal_bytes role=memory/statistic
node_memory_SwapTotal_bytes g bytes limit swap space role=memory/statistic
node_memory_SwapFree_bytes g bytes left swap space //node_memory_SwapTotal_bytes role=memory/statistic
node_memory_CommitLimit_bytes g bytes limit memory that may be promised role=memory/statistic
node_memory_Committed_AS_bytes g bytes used memory that was promised /node_memory_CommitLimit_bytes role=memory/statistic
node_memory_HugePages_Free g pages left huge pages //node_memory_HugePages_Total role=memory/statistic
node_memory_HugePages_Total g pages limit huge pages role=memory/statistic
node_memory_{A,B,C,D,F,H,I,K,M,N,P,S,U,V,W,Z}* g bytes inner memory by what it is used for role=other/statistic
node_vmstat_oom_kill c kills errors processes killed for memory role=memory/errors
node_vmstat_pgmajfault c faults flow major page faults good=down role=memory/statistic
node_vmstat_pgfault c faults flow page faults role=memory/statistic
node_vmstat_pswp{in,out} c pages flow pages swapped good=down role=memory/statistic
node_vmstat_pgpg{in,out} c pages flow pages moved from and to disks role=other/statistic
node_vmstat_* c events inner memory management role=other/statistic
node_context_switches_total c switches flow context switches role=other/statistic
node_intr_total c interrupts flow interrupts role=other/statistic
node_forks_total c forks flow processes started role=other/statistic
node_procs_running g processes number runnable processes role=other/statistic
node_procs_blocked g processes waiting processes that wait for I/O role=other/statistic
node_processes_pids g processes used process ids /node_processes_max_processes role=pool/used
node_processes_max_processes g processes limit process ids role=pool/max
node_processes_threads g threads used threads /node_processes_max_threads role=pool/used
node_processes_max_threads g threads limit threads role=pool/max
node_processes_state g processes number processes in a state
node_boot_time_seconds g timestamp moment start of the host /now role=restarts/start-time
node_time_seconds g timestamp moment the host's clock
node_time_zone_offset_seconds g seconds setting time zone
node_timex_offset_seconds g seconds lag the clock against its reference
node_timex_sync_status g bool up clock synchronisation role=other/level
node_timex_maxerror_seconds,node_timex_estimated_error_seconds g seconds lag greatest error of the clock
node_timex_* g - inner the clock's discipline role=other/statistic
node_ntp_stratum g strata number distance to the reference clock
node_ntp_offset_seconds g seconds lag the clock against its server
node_entropy_available_bits g bits left entropy //node_entropy_pool_size_bits role=other/level
node_entropy_pool_size_bits g bits limit entropy role=other/level
node_filefd_allocated g descriptors used file descriptors /node_filefd_maximum role=file-handles/used
node_filefd_maximum g descriptors limit file descriptors role=file-handles/max
node_nf_conntrack_entries g connections used tracked connections /node_nf_conntrack_entries_limit role=network/used
node_nf_conntrack_entries_limit g connections limit tracked connections role=network/max
node_nf_conntrack_stat_{drop,early_drop,insert_failed,invalid} c packets errors tracked connections role=network/errors
node_arp_entries g entries number ARP entries
node_sockstat_sockets_used g sockets used sockets
node_sockstat_{TCP,UDP,TCP6,UDP6}_inuse g sockets used sockets
node_sockstat_TCP_tw g sockets number sockets that wait to be closed
node_sockstat_TCP_orphan g sockets number sockets that no process holds good=down
node_sockstat_TCP_alloc g sockets used allocated sockets
node_sockstat_* g - inner sockets role=other/statistic
node_netstat_Tcp_CurrEstab g connections number established TCP connections
node_netstat_Tcp_RetransSegs c segments errors retransmitted segments role=network/errors
node_netstat_Tcp_{InErrs,AttemptFails,EstabResets,OutRsts} c segments errors TCP role=network/errors
node_netstat_TcpExt_ListenOverflows,node_netstat_TcpExt_ListenDrops c connections errors connections that found a full accept queue role=network/errors
node_netstat_TcpExt_{SyncookiesFailed,TCPTimeouts,TCPOFOQueue,TCPSynRetrans} c events errors TCP role=network/errors
node_netstat_Udp_{InErrors,NoPorts,RcvbufErrors,SndbufErrors} c datagrams errors UDP role=network/errors
node_netstat_* c events inner network stack
node_softnet_dropped_total c packets errors packets dropped by the kernel role=network/errors
node_softnet_times_squeezed_total c events errors packet processing that ran out of its budget role=network/errors
node_softnet_* c packets inner packet processing role=other/statistic
node_uname_info i - info kernel and host name
node_os_info,node_dmi_info i - info operating system, hardware
node_exporter_build_info i - monitoring the exporter's version
node_scrape_collector_{duration_seconds,success} g - monitoring the exporter's collectors
node_textfile_scrape_error g bool monitoring the exporter's text files
node_textfile_mtime_seconds g timestamp moment last write of a text file
node_hwmon_temp_celsius g celsius reading temperature
node_hwmon_temp_{max,crit,crit_hyst,min}_celsius g celsius limit temperature role=other/statistic
node_hwmon_temp_crit_alarm_celsius,node_hwmon_temp_crit_alarm,node_hwmon_temp_alarm,node_hwmon_temp_fault g bool alarm temperature
node_hwmon_fan_rpm g rpm reading fan
node_hwmon_in_volts g volts reading voltage
node_hwmon_* g - inner sensors role=other/statistic
node_thermal_zone_temp g celsius reading temperature
node_power_supply_* g - inner power supply role=other/statistic
node_rapl_*_joules_total c joules flow energy
node_edac_correctable_errors_total,node_edac_uncorrectable_errors_total c errors errors memory errors role=memory/errors
node_edac_csrow_{correctable,uncorrectable}_errors_total c errors errors memory errors role=memory/errors
node_systemd_system_running g bool up the system manager role=other/level
node_reboot_required g bool alarm restart that is due
node_selinux_enabled g bool setting SELinux
node_schedstat_waiting_seconds_total c seconds time-spent tasks that waited for a CPU role=host-cpu/statistic
node_schedstat_running_seconds_total c seconds time-spent tasks that ran role=host-cpu/statistic
node_schedstat_timeslices_total c slices flow scheduling
@unit(name)
node_systemd_unit_state g bool state a unit is in the state of its label
node_systemd_units g units number units in a state
node_systemd_unit_start_time_seconds g timestamp moment start of a unit /now
node_systemd_service_restart_total c restarts restarts a unit
node_systemd_timer_last_trigger_seconds g timestamp moment last run of a timer /now
node_systemd_unit_tasks_current g tasks used tasks of a unit /node_systemd_unit_tasks_max role=pool/used
node_systemd_unit_tasks_max g tasks limit tasks of a unit role=pool/max
node_systemd_socket_{accepted_connections_total,current_connections,refused_connections_total} g connections number connections of a socket unit
@volume(mountpoint,device)
node_filesystem_avail_bytes g bytes left file system space for users //node_filesystem_size_bytes role=disk/free
node_filesystem_free_bytes g bytes left file system space with the reserve of root //node_filesystem_size_bytes role=disk/statistic
node_filesystem_size_bytes g bytes limit file system space role=disk/max
node_filesystem_files_free g inodes left inodes //node_filesystem_files role=disk/free
node_filesystem_files g inodes limit inodes role=disk/max
node_filesystem_readonly g bool alarm file system is read-only
node_filesystem_device_error g bool alarm file system could not be read role=other/level
@disk(device)
node_disk_io_time_seconds_total c seconds time-spent disk busy role=disk/pending
node_disk_io_time_weighted_seconds_total c seconds time-spent disk I/O that waits and runs role=other/statistic
node_disk_{read,write,discard,flush_requests}_time_seconds_total c seconds time-spent disk I/O role=other/statistic
node_disk_{reads,writes,discards}_completed_total,node_disk_flush_requests_total c operations flow disk I/O role=other/statistic
node_disk_{reads,writes,discards}_merged_total c operations flow merged disk I/O role=other/statistic
node_disk_{read,written}_bytes_total c bytes flow disk I/O role=other/statistic
node_disk_{read_errors,write_errors}_total c errors errors disk I/O role=disk/errors
node_disk_io_now g operations waiting disk I/O under way
node_disk_*info i - info disk
node_md_disks_required g disks limit disks of an array that must be there role=other/statistic
node_md_disks g disks number disks of an array in a state
node_md_{blocks,blocks_synced,blocks_total} g blocks number blocks of an array
node_md_state g - state array
node_nvme_*info i - info disk
node_zfs_zpool_state g bool state pool is in the state of its label @pool(zpool)
node_zfs_* c - inner ZFS role=other/statistic
node_xfs_* c - inner XFS role=other/statistic
node_btrfs_device_errors_total c errors errors disk I/O role=disk/errors
node_btrfs_* g - inner Btrfs role=other/statistic
@interface(device)
node_network_{receive,transmit}_bytes_total c bytes flow network role=network/count
node_network_{receive,transmit}_packets_total c packets flow network role=network/count
node_network_{receive,transmit}_{errs,drop,fifo,colls,carrier,frame,nohandler}_total c packets errors network role=network/errors
node_network_{receive,transmit}_{compressed,multicast}_total c packets flow network role=other/statistic
node_network_speed_bytes g bytes limit network speed a second role=other/statistic
node_network_up g bool up interface role=other/level
node_network_carrier g bool up interface has a link role=other/level
node_network_carrier_changes_total c changes flow link changes good=down
node_network_carrier_{up,down}_changes_total c changes flow link changes good=down
node_network_{mtu_bytes,flags,iface_id,iface_link,dormant,protocol_type,transmit_queue_length,net_dev_group,device_id,address_assign_type,iface_link_mode,name_assign_type} g - setting interface
node_network_info i - info interface
node_bonding_active g links number active links of a bond good=up
node_bonding_slaves g links limit links of a bond role=other/statistic
`,
);
